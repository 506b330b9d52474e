"""`litfass deploy`: the public folder, brought to where the world reads it."""

from __future__ import annotations

from argparse import Namespace

from litfass.cli.exits import Exit
from litfass.cli.opening import blog_of
from litfass.cli.screen import Screen
from litfass.cli.telling import deploy_fields, deploy_line
from litfass.deploy import Deployment, deploy
from litfass.errors import SettingsError
from litfass.settings import FILE, Blog

NOTHING: dict[str, object] = {"deploy": None}


def run(args: Namespace, screen: Screen) -> Exit:
    """Deploy what was built. Raises LitfassError, and what was live is as it was then."""
    blog = blog_of(args)
    with screen.busy("Deploying …"):
        deployment = _deployed(blog, dry_run=args.dry_run)
    if args.dry_run:
        _list(deployment, screen)
    screen.say(deploy_line(deployment, dry_run=args.dry_run))
    screen.result({"deploy": deploy_fields(deployment)})
    return Exit.DONE


def _deployed(blog: Blog, *, dry_run: bool) -> Deployment:
    target = blog.settings.deploy
    if target is None:
        hint = 'Add a table [deploy] with target = "folder" and path = "…", for example.'
        raise SettingsError("does not say where to deploy to", hint, path=FILE)
    public = blog.root / blog.settings.build.output
    return deploy(public, target, blog=blog.root, dry_run=dry_run)


def _list(deployment: Deployment, screen: Screen) -> None:
    parts = (("+", deployment.added), ("~", deployment.changed), ("-", deployment.removed))
    for sign, paths in parts:
        for path in paths:
            screen.say(f"{sign} {path}")
