"""What Slack takes, in one place. Lengths are in UTF-16 units, the stricter of the ways Slack counts."""

from __future__ import annotations

MESSAGE_BLOCKS = 50
MESSAGE_TEXT = 4000
"""Of the top-level text. Longer ones are cut without a word in some clients."""

MESSAGE_CHARACTERS = 10_000
"""Of all blocks of a message together. Slack documents no figure; the lowest one reported as refused is 11,341."""

LEAF = 2900
"""Of one rich text run or one context text: 3,000, less what a cut adds."""

HEADER = 150
CONTEXT_ELEMENTS = 10

ACTIONS = 25
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
CONFIRM_TITLE, CONFIRM_TEXT, CONFIRM_LABEL = 100, 300, 30

TABLE_ROWS, TABLE_COLUMNS, TABLE_CHARACTERS = 100, 20, 9_000

LINK = 2000

MODAL_TITLE = 24
MODAL_BLOCKS = 100
PRIVATE_METADATA = 3000
INPUT_TEXT = 3000
INPUT_LABEL, INPUT_HINT, PLACEHOLDER = 2000, 2000, 150
OPTIONS, OPTION_TEXT, OPTION_VALUE, OPTION_GROUPS = 100, 75, 150, 100
ERROR_TEXT = 500

RESPONSE_URL_USES = 5
ANSWER_MESSAGES = RESPONSE_URL_USES - 1
"""In how many messages one answer goes out: a use of the response URL is left for a word of what went wrong."""
RESPONSE_URL_SECONDS = 29 * 60
"""Slack's 30 minutes, less a margin for our own queue."""

ACK_SECONDS = 3.0
