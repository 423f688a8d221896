"""Words that image generators write: prompts, seeds and workflows, told by their form.

Stable Diffusion web UIs write ``parameters`` (prompt, then ``Steps: …, Sampler: …``); ComfyUI two
JSON graphs, into PNG text or into Make and Model of a WebP; NovelAI and InvokeAI JSON.
"""

from __future__ import annotations

import re
from typing import Final

#: how far into a text is looked
_MOST: Final = 200_000
_PREFIX: Final = re.compile(
    r"\s*(?:prompt|workflow|parameters|generation_data)\s*:\s*(?=[{\[])", re.IGNORECASE
)
#: what all stands in a text of one of these kinds, in any order
_FORMS: Final = (
    ("class_type", '"inputs"'),  # ComfyUI, the graph that ran
    ('"nodes"', '"links"', '"last_node_id"'),  # ComfyUI, the graph that was drawn
    ("Steps: ", "Sampler: "),  # AUTOMATIC1111, Forge, Fooocus in its shape
    ("Steps: ", "CFG scale: "),
    ("Negative prompt: ", "Seed: "),
    ('"sampler"', '"seed"', '"steps"'),  # NovelAI
    ('"positive_prompt"', '"seed"'),  # InvokeAI 3
    ('"sui_image_params"',),  # SwarmUI
    ('"prompt"', '"negative_prompt"'),  # Fooocus, Easy Diffusion
    ('"prompt"', '"cfg_scale"'),
    ('"c":', '"uc":', '"seed":'),  # Draw Things
    (" --v ", "Job ID: "),  # Midjourney
)  # fmt: skip


def is_prompt(text: str) -> bool:
    """Return whether *text* has the form of what an image generator writes."""
    if len(text) < 16:
        return False
    head = text[:_MOST]
    if _PREFIX.match(head):
        return True
    return any(all(word in head for word in form) for form in _FORMS)
