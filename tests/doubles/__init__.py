"""One strict, fault-injecting Slack for all tests: real HTTP and real WebSockets on loopback, no mocks.

    from tests.doubles.slack import FakeSlack
    from tests.doubles.faults import accept_then_drop

    with FakeSlack() as slack:                              # or the fixture `slack` (tests/doubles/fixtures.py)
        client = WebClient(token=slack.bot_token, base_url=slack.base_url, retry_handlers=[])
        ...start the product with SLACK_API_URL=slack.base_url, slack.app_token, slack.signing_secret...

        door = slack.socket()                               # Socket Mode, once the app is connected
        door = slack.http("http://127.0.0.1:3000/slack/events")       # or signed HTTP requests

        answer = door.command("/talks next", user="U0EDITOR", channel="C0DESK")
        assert answer.text.startswith("Next talks")         # the message that came with the ack
        door.click(answer.message, "share")                 # only what is really on the message can be pressed
        door.submit(slack.top_view, {"sides": "US, Russia"})            # fields by action_id or block_id
        door.message_shortcut("record_talks", slack.say("US and Russia to meet"))

        slack.fault("chat.postMessage", accept_then_drop(), channel="C0DESK", times=1)
        slack.rate_limit(channel_seconds=1.0)
        slack.sockets.refresh()                             # also drop_lines(), close_lines(), say("rubbish")

        slack.messages("C0DESK"), slack.ephemerals("U0EDITOR"), slack.views, slack.uploads, slack.calls("chat.update")
        slack.copies()                                      # metadata key -> how many messages carry it
        assert not slack.broadcasts                         # nothing rang a whole channel's bells
        assert not slack.complaints                         # nothing unescaped, unfurled or without words for images

Every ack is held to Slack's rules (three seconds, limits, fields that exist); a breach raises `BadAck`, unless the call
says `strict=False`. People and channels that are there from the start: `default_users` and `default_channels` in state.py.
`python -m tests.doubles` runs the same Slack as a process of its own, for tests that kill the product (process.py).
"""
