"""The documented file format: what `attache load` reads and `attache export` writes, as YAML or JSON.

A file is one mapping: `attache: 1`, and lists of records under

| list          | record            | named by | its other records                                                  |
|---------------|-------------------|----------|--------------------------------------------------------------------|
| `sources`     | `Source`          | `key`    |                                                                    |
| `parties`     | `Party`           | `code`   | `names` (`PartyName`)                                              |
| `memberships` | `Membership`      | bloc, member, day of joining |                                                |
| `administrations` | `Administration` | party, first day |                                                        |
| `topics`      | `Topic`           | `key`    |                                                                    |
| `talks`       | `Talks`           | `key`    | `sides` (`people`), `window`, `place`, `agenda`, `accounts`        |
| `positions`   | `Position`        | `key`    | `applies`, `replies`, `accounts`                                   |
| `drafts`      | `Draft`           | `key`    | `clauses`, `alignments`, `votes`, `tally`                          |

The fields are those of `store.records`, by the same names; the README's section "The file format" describes each, and a test
holds the two together. What a file may leave out, write shorter or write in words:

| instead of                                    | a file may have                         | see          |
|-----------------------------------------------|-----------------------------------------|--------------|
| a party's code, a topic's key                 | any name that means just one            | `names`      |
| a side, person, agenda item, name, `applies`  | its text                                | `fields`     |
| a window with bounds                          | a day; words, with the day they were said | `windows`  |
| a place                                       | its state                               | `fields`     |
| a list of one text                            | the text                                | `shape`      |
| a number; the key of an account or a reply    | nothing                                 | `loading`, `rules` |

The way through: `parse` makes plain data of bytes (`reading`), `shape` makes records of it, checked by `values`, `rules`,
`windows` and `names`; `linking` checks them against one another and the store; `loading` writes. All faults of all steps are
told together, as `BadFile`. The way back: `writing` makes plain data, `yaml_text` or `json` its text.
"""

from store.exchange.faults import BadFile, Fault
from store.exchange.loading import Count, LoadReport, load, load_into, read
from store.exchange.reading import Format, Parsed, parse
from store.exchange.windows import ReadWindow, WindowReading
from store.exchange.writing import dump, export

__all__ = [
    "BadFile",
    "Count",
    "Fault",
    "Format",
    "LoadReport",
    "Parsed",
    "ReadWindow",
    "WindowReading",
    "dump",
    "export",
    "load",
    "load_into",
    "parse",
    "read",
]
