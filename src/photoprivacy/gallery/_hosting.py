"""What a static host must be told: headers that a page cannot carry itself."""

from __future__ import annotations

from typing import Final

from photoprivacy import rights

#: header → value, for every file, each with its reason in `photoprivacy.gallery._headers`.
_ALWAYS: Final = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    **rights.headers(),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=(), browsing-topics=()",
    "Content-Security-Policy": "frame-ancestors 'none'",  # a meta tag cannot say this one
}
#: path → text and type of what speaks for a whole host, where the gallery is all there is on it.
#: Crawlers ask for it at the root and nowhere else (RFC 9309, 2.3; TDMRep, 6.1).
OF_A_HOST: Final = {
    "/robots.txt": (rights.robots_txt(), "text/plain"),
    "/.well-known/tdmrep.json": (rights.tdmrep_json(), "application/json"),
}
_PAGE: Final = "no-cache"
_KEPT: Final = "public, max-age=31536000, immutable"


def _texts(kept: str) -> dict[str, str]:
    """Return name → text of the files that say so; what is below *kept* never changes."""
    lines = [f"  {name}: {value}" for name, value in _ALWAYS.items()]
    headers = ["/*", *lines, f"  Cache-Control: {_PAGE}", "", f"/{kept}/*", "  ! Cache-Control",
               f"  Cache-Control: {_KEPT}", ""]  # fmt: skip
    nginx = [f'add_header {name} "{value}" always;' for name, value in _ALWAYS.items()]
    others = f'--exclude "{kept}/*" --exclude ".*"'
    notes = [
        "How to serve this folder. Any static host will do; these headers make it better.",
        "",
        "Netlify, Cloudflare Pages: the file _headers says it.",
        "",
        "nginx, inside the location of the folder:",
        "",
        *(f"    {line}" for line in nginx),
        f'    add_header Cache-Control "{_PAGE}" always;',
        "",
        "What is gone from this folder must go from the host too, or whoever has its address still",
        "sees it: with rsync, and below, --delete says so. So give it a place of its own there.",
        "",
        "S3 and its like: files can carry two of them,",
        "",
        f'    aws s3 sync . s3://BUCKET/PATH/ --delete {others} --cache-control "{_PAGE}"',
        f'    aws s3 sync {kept} s3://BUCKET/PATH/{kept}/ --delete --cache-control "{_KEPT}"',
        "",
        "and the others come from what stands in front: a response headers policy of CloudFront.",
        "",
        "Where this folder is the root of its host, crawlers look for robots.txt in it, and for",
        "what tdmrep.json says at /.well-known/tdmrep.json: move it there. Below a path nobody",
        "looks for them; the pages say the same in their heads.",
        "",
    ]
    return {
        "_headers": "\n".join(headers),
        "HOSTING.txt": "\n".join(notes),
        "robots.txt": rights.robots_txt(),
        "tdmrep.json": rights.tdmrep_json(),
    }


SEALED: Final = _texts("d")
PLAIN: Final = _texts("p")
