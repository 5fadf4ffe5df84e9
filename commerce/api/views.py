from __future__ import annotations

from rest_framework.permissions import AllowAny
from rest_framework.views import APIView


class PublicView(APIView):
    """Open to anybody: no session, no cookie, so nothing that another site could ride on."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
