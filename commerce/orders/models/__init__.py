from commerce.orders.models.fulfilments import Fulfilment, FulfilmentEvent, FulfilmentLine
from commerce.orders.models.notes import OrderNote
from commerce.orders.models.orders import Order, OrderEvent, OrderLine, OrderPayment
from commerce.orders.models.refunds import OrderRefund, OrderRefundLine, OrderRefundPart
from commerce.orders.models.returns import Condition, Replacement, Return, ReturnEvent, ReturnLine, ReturnReason
from commerce.orders.models.revisions import OrderRevision

__all__ = [
    "Condition",
    "Fulfilment",
    "FulfilmentEvent",
    "FulfilmentLine",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OrderNote",
    "OrderPayment",
    "OrderRefund",
    "OrderRefundLine",
    "OrderRefundPart",
    "OrderRevision",
    "Replacement",
    "Return",
    "ReturnEvent",
    "ReturnLine",
    "ReturnReason",
]
