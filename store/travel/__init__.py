"""The State Department's travel record: who went where, what was filed, and how it is counted.

`load` reads the published files into the store; `ranking` counts; `party`, `gaps` and `contacts` answer about one party,
about what is missing, and for the rest of the product. Rows are shared reference data: every workspace sees the same.
"""

from store.travel.contacts import between, last_contacts, one_line

__all__ = ["between", "last_contacts", "one_line"]
