"""``POST /api/posts`` in the words of OpenAPI 3.1. Holds no rule: the numbers come from where they hold."""

from __future__ import annotations

from typing import Any

from crisis import __version__
from crisis.sources.bounds import MAX_KEY, MAX_NAME, MAX_TEXT
from crisis.sources.pushed import MOST, MOST_REACH
from crisis.workflows.push import LONGEST_KEY

_WORDS = {
    "type": "object",
    "required": ["de", "en"],
    "properties": {"de": {"type": "string"}, "en": {"type": "string"}},
}
_ERROR = {"type": "object", "required": ["error"], "properties": {"error": _WORDS}}
_POST: dict[str, Any] = {
    "type": "object",
    "required": ["text"],
    "additionalProperties": True,
    "properties": {
        "id": {
            "type": ["string", "integer"],
            "maxLength": MAX_KEY,
            "description": "Stable within your source; the same id with another text is an edit."
            " Without one, url or text tell posts apart.",
        },
        "text": {
            "type": "string",
            "minLength": 1,
            "pattern": r"[0-9A-Za-z\u00c0-\u024f]",
            "description": f"Cut at {MAX_TEXT} characters. Letters of any script will do; what is blank or"
            " control characters alone is refused.",
        },
        "url": {"type": "string", "description": "Where people can see it; http or https."},
        "author": {"type": "string", "description": f"Cut at {MAX_NAME} characters."},
        "published": {
            "type": "string",
            "format": "date-time",
            "pattern": r"^(199[1-9]|20\d\d)-",
            "description": "From 1990 to 2100; other years come of clocks never set. Without zone: UTC.",
        },
        "lang": {"type": "string", "examples": ["de"]},
        "place": {"type": "string"},
        "reach": {
            "type": "integer",
            "minimum": 0,
            "maximum": MOST_REACH,
            "description": "How many saw or shared it.",
        },
    },
}
_REPLY = {
    "type": "object",
    "required": ["taken", "known", "refused"],
    "properties": {
        "taken": {"type": "integer", "description": "New or edited posts, committed."},
        "known": {"type": "integer", "description": "Posts we had already."},
        "refused": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["line", "de", "en"],
                "properties": {
                    "line": {"type": "integer", "minimum": 1},
                    "de": {"type": "string"},
                    "en": {"type": "string"},
                },
            },
        },
    },
}


def describe(base_url: str, per_minute: int, most_bytes: int) -> dict[str, Any]:
    """The whole description; ``most_bytes`` of one request."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Klarstellung",
            "version": __version__,
            "description": "Hand in public posts that another tool has heard.",
        },
        "servers": [{"url": base_url}],
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Post": _POST, "Reply": _REPLY, "Error": _ERROR},
        },
        "paths": {"/api/posts": {"post": _operation(per_minute, most_bytes)}},
    }


def _operation(per_minute: int, most_bytes: int) -> dict[str, Any]:
    post = {"$ref": "#/components/schemas/Post"}
    return {
        "operationId": "handInPosts",
        "summary": "Hand in posts",
        "description": f"At most {MOST} posts and {most_bytes} bytes in one request, {per_minute} posts a"
        " minute. Each post is taken or refused by itself. Answered once what was taken is committed.",
        "security": [{"token": []}],
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "schema": {"type": "string", "maxLength": LONGEST_KEY},
                "description": "The same key with the same request is answered the same for a day.",
            }
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/x-ndjson": {"schema": post},
                "application/json": {
                    "schema": {"oneOf": [{"type": "array", "items": post, "maxItems": MOST}, post]}
                },
            },
        },
        "responses": {
            "202": _answer("Taken and committed.", "Reply"),
            "401": _answer("No token that holds for this.", "Error"),
            "403": _answer("The token's source is paused or removed.", "Error"),
            "413": _answer("Too many bytes.", "Error"),
            "422": {
                "description": "Nothing of it can be used, or the key stood for another request.",
                "content": {
                    "application/json": {
                        "schema": {
                            "oneOf": [
                                {"$ref": "#/components/schemas/Error"},
                                {"$ref": "#/components/schemas/Reply"},
                            ]
                        }
                    }
                },
            },
            "429": _answer("Too many posts in this minute; see Retry-After.", "Error"),
            "503": _answer("The database is busy; see Retry-After.", "Error"),
        },
    }


def _answer(text: str, schema: str) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return {"description": text, "content": {"application/json": {"schema": reference}}}
