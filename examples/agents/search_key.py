"""A command agent: writes a text without accents and in lower case into a field.

`Amélie, PARIS` becomes `amelie, paris`: what a person types who looks for it.
Unicode's decompositions and case folding come with Python; SQL has neither.

Protocol: docs/guides/command-agents.md. Lines of JSON need nothing but Python;
with `format: arrow` it needs pyarrow.
"""

import json
import sys
import unicodedata


def search_key(text):
    """The text without marks and case; None, which is NULL, stays None."""
    if text is None:
        return None
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def run_ndjson(request, source, target):
    with open(request["input"], encoding="utf-8", newline="\n") as rows:
        with open(request["output"], "w", encoding="utf-8", newline="\n") as output:
            for row in rows:
                key = search_key(json.loads(row)[source])
                output.write(json.dumps({target: key}) + "\n")


def run_arrow(request, source, target):
    import pyarrow as pa

    with open(request["input"], "rb") as file:
        texts = pa.ipc.open_stream(file).read_all().column(source).to_pylist()
    keys = pa.array([search_key(text) for text in texts], pa.utf8())
    table = pa.table({target: keys})
    with pa.ipc.new_stream(request["output"], table.schema) as output:
        output.write_table(table)


def main():
    with open("request.json", encoding="utf-8") as file:
        request = json.load(file)
    if request["protocol"] != 1:
        sys.exit("this program speaks version 1 of the protocol")
    payload = request["payload"]
    run = {"ndjson": run_ndjson, "arrow": run_arrow}[request["format"]]
    run(request, payload["field"], payload["into"])


if __name__ == "__main__":
    main()
