"""What schemathesis cannot know from the document."""

import schemathesis
from schemathesis.generation import GenerationMode


@schemathesis.hook
def before_call(context, case, kwargs):
    """A cursor is signed by the server, so no made-up one is valid: leave it out of valid requests.

    Requests that are meant to be refused keep theirs (400 INVALID_CURSOR).
    """
    if case.query and "cursor" in case.query and case.meta is not None:
        if case.meta.generation.mode == GenerationMode.POSITIVE:
            del case.query["cursor"]
