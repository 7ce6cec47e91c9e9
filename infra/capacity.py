#!/usr/bin/env python3
"""Computes the tables of infra/CAPACITY.md from its prices and figures and from the template.

  infra/capacity.py            prints the page with its computed parts
  infra/capacity.py --write    writes them into infra/CAPACITY.md
  infra/capacity.py --check    exits with 1 and a diff if the page does not match its tables

Edit the tables "Prices" and "Figures" in infra/CAPACITY.md, then run it with --write. Python 3.8 or later, no packages.
"""
import difflib
import math
import pathlib
import re
import sys

INFRA = pathlib.Path(__file__).resolve().parent
PAGE = INFRA / "CAPACITY.md"
TEMPLATE = INFRA.parent / "sam-template.yaml"
HOURS_PER_MONTH = 730
FLEETS = (10, 1_000, 9_000, 100_000)


class Table:
    """The rows of a marked table in the page, by their first column; the second column is a number."""

    def __init__(self, page, name):
        self.name = name
        self.rows = {}
        for line in marked(page, name).splitlines():
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            if line.startswith("| ") and re.fullmatch(r"[\d.,]+", cells[1]):
                self.rows[cells[0]] = cells

    def number(self, key, column=1):
        if key not in self.rows:
            sys.exit(f"{PAGE.name} has no row '{key}' in its table '{self.name}'")
        return float(self.rows[key][column].split(" ")[0].replace(",", ""))


def marked(page, name):
    match = re.search(rf"<!-- {name} -->\n(.*?)<!-- end of {name} -->", page, re.S)
    if not match:
        sys.exit(f"{PAGE.name} has no part between <!-- {name} --> and <!-- end of {name} -->")
    return match.group(1)


def template_number(*path):
    """Returns the number at a path of keys, searched in order. For a parameter, returns its default."""
    text = TEMPLATE.read_text(encoding="utf-8")
    pattern = r"^ *" + r":.*?^ *".join(path) + r": *(?:(\d+)|!Ref (\w+))"
    match = re.search(pattern, text, re.S | re.M)
    if not match:
        sys.exit(f"sam-template.yaml has no {'.'.join(path)}")
    return int(match.group(1)) if match.group(1) else template_number("Parameters", match.group(2), "Default")


class Model:
    """Resource use and cost of steps. Times are in seconds, sizes in bytes."""

    def __init__(self, page):
        self.prices = Table(page, "prices")
        figures = Table(page, "figures")
        self.figure = figures.number
        self.batch_size = template_number("IngestFunction", "BatchSize")
        self.window = template_number("IngestFunction", "MaximumBatchingWindowInSeconds")
        self.concurrency = template_number("Parameters", "IngestConcurrency", "Default")
        self.visibility = template_number("StepsQueue", "VisibilityTimeout")
        self.max_receives = template_number("StepsQueue", "maxReceiveCount")
        self.memory_gb = template_number("Globals", "MemorySize") / 1024

    def dollars(self, price, quantity):
        cells = self.prices.rows.get(price) or sys.exit(f"{PAGE.name} has no price '{price}'")
        per = self.prices.number(price, 2) if re.match(r"\d", cells[2]) else 1
        return quantity / per * float(cells[1])

    # Rates of a fleet in which all phones run tasks

    def steps_rate(self, phones):
        return phones / self.figure("seconds between steps")

    def messages_per_step(self):
        """A message is sent some seconds after its first step and includes the steps that end in between.

        With lognormal step times the next step is included with probability p, and a message contains 1 / (1 - p) steps.
        """
        sigma = self.figure("sigma of the logarithm of that time")
        median = self.figure("seconds between steps") / math.exp(sigma * sigma / 2)
        wait = self.figure("seconds that the shipper waits for more steps")
        joins = 0.5 * (1 + math.erf(math.log(wait / median) / sigma / math.sqrt(2)))
        return 1 - joins

    def messages_rate(self, phones):
        return self.steps_rate(phones) * self.messages_per_step()

    def poll_limit(self, concurrency):
        """Returns the messages per second that the event source can fetch."""
        return concurrency * self.figure("messages a second that a poller fetches")

    def invocations_rate(self, phones, concurrency):
        """Each poller runs one invocation at a time, and collects messages for the batching window or until the batch is full."""
        messages = self.messages_rate(phones)
        return min(messages, max(concurrency / self.window, messages / self.batch_size))

    def busy(self, phones, concurrency, batch, step):
        """Returns the number of busy processors or environments, from the time per invocation and per step."""
        return self.invocations_rate(phones, concurrency) * batch + self.steps_rate(phones) * step

    def busy_functions(self, phones, concurrency):
        return self.busy(phones, concurrency, self.figure("ms of ingest, an invocation") / 1e3, self.figure("µs of ingest, a step") / 1e6)

    def busy_processors(self, phones, concurrency):
        return self.busy(phones, concurrency, self.figure("ms of Postgres, an invocation") / 1e3, self.figure("µs of Postgres, a step") / 1e6)

    # Costs

    def million(self, screens):
        """Returns (price, what, quantity, unit) for a million steps of 1,000 phones, until their retention expires."""
        steps, phones, figure = 1e6, 1_000, self.figure
        rate = self.steps_rate(phones)
        messages = self.messages_per_step() * steps
        invocations = self.invocations_rate(phones, self.concurrency) / rate * steps
        files = 2 * screens * steps
        screen_gb = screens * steps * (figure("KB of a screen as WebP") + figure("KB of its thumbnail")) / 1e6
        months = figure("months that steps and screens are kept")
        share = figure("share of the steps that are viewed")
        hours = steps / rate / 3600
        requests = share * steps / figure("steps of a task") * figure("API requests to view a task")
        return [
            ("SQS standard, requests of 64 KiB", "send messages", messages, "requests"),
            ("SQS standard, requests of 64 KiB", "receive one by one, delete in batches of ten", 1.1 * messages, "requests"),
            ("Lambda, requests", "invoke ingest", invocations, "requests"),
            ("Lambda arm64, duration", "run ingest", self.busy_functions(phones, self.concurrency) / rate * steps * self.memory_gb, "GB-s"),
            ("S3 Standard, PUT and LIST", "store screens and thumbnails", files, "requests"),
            ("S3 Standard, storage", f"keep screens and thumbnails for {months:g} months", screen_gb * months, "GB-months"),
            ("Aurora Serverless v2, Standard, capacity", "write steps",
             self.busy_processors(phones, self.concurrency) / rate * steps / figure("processors of an ACU") / 3600, "ACU-hours"),
            ("Aurora Standard, I/O", "write steps to storage", figure("KB of write-ahead log, a step") * 1e3 * steps / 4096, "requests"),
            ("Aurora Standard, storage", f"keep rows for {months:g} months", figure("KB of rows and indexes, a step") * steps / 1e6 * months, "GB-months"),
            ("KMS, requests", "data keys of queue and bucket, one per client and hour", 2 * hours * (2 * phones + 1), "requests"),
            ("CloudWatch Logs, ingested", "logs of ingest", invocations * figure("KB of log, an invocation") / 1e6, "GB"),
            ("API Gateway, HTTP API", "view a tenth: API", requests, "requests"),
            ("Lambda arm64, duration", "view a tenth: API function", requests * figure("ms of the API, a request") / 1e3 * self.memory_gb, "GB-s"),
            ("S3 Standard, GET", "view a tenth: screens", share * files, "requests"),
            ("Data transfer to the internet", "view a tenth: to the browser", share * screen_gb, "GB"),
        ]

    def month(self):
        """Returns the same for a month without a step."""
        return [
            ("Aurora Serverless v2, Standard, capacity", "minimum capacity 0.5; less with auto-pause", 0.5 * HOURS_PER_MONTH, "ACU-hours"),
            ("Interface endpoint, of each zone", "SQS endpoint in one zone; none with your own Postgres", HOURS_PER_MONTH, "hours"),
            ("KMS, customer key", "the stack's key", 1, "keys"),
            ("CloudWatch, custom metrics", "metrics", self.figure("custom metrics"), "metrics"),
            ("CloudWatch, alarms", "metrics that alarms watch", self.figure("metrics that alarms watch"), "alarms"),
            ("SQS standard, requests of 64 KiB", "Lambda polls two queues, five pollers each, every 20 s",
             2 * 5 * HOURS_PER_MONTH * 3600 / 20, "requests"),
        ]

    def sum(self, lines):
        return sum(self.dollars(price, quantity) for price, _, quantity, _ in lines)


def table(head, *rows):
    return "".join("| " + " | ".join(row) + " |\n" for row in (head[0], *rows)).replace("\n", "\n|" + head[1] + "|\n", 1)


def amount(quantity, unit):
    return (f"{quantity:,.0f}" if quantity >= 100 else f"{quantity:.2f}") + " " + unit


def summary(model):
    one, two, month = model.sum(model.million(1)), model.sum(model.million(2)), model.month()
    aurora = model.dollars(*month[0][::2][:2])
    endpoint = model.dollars(*month[1][::2][:2])
    stored = model.dollars(*model.million(1)[4][::2][:2])
    kept = model.dollars(*model.million(1)[5][::2][:2])
    limit = model.poll_limit(model.concurrency) / model.messages_rate(1)
    return (
        f"- A million steps with one screen each cost about **${one:.2f}**, with two screens **${two:.2f}**. Storing a screen and its\n"
        f"  thumbnail (two S3 PUT requests) is ${stored:.2f} of the first sum, keeping them ${kept:.2f}. The\n"
        f"  remaining ${one - stored - kept:.2f} are for queue, functions, database, keys, logs, and viewing a tenth of the steps.\n"
        f"- A stack with its own database costs **${model.sum(month):.2f}** a month without recordings, including ${aurora:.2f} for Aurora's\n"
        f"  minimum capacity. With your own Postgres it costs ${model.sum(month) - aurora - endpoint:.2f} plus the cost of that Postgres.\n"
        f"- Up to **{math.floor(limit / 100) * 100:,} phones** no limit is reached; screens are the main cost. Above that, `IngestConcurrency` {model.concurrency} is the first limit.\n")


def million(model):
    one, two = model.million(1), model.million(2)
    head = ("service", "what", "quantity, one screen", "$, one screen", "$, two screens"), "---|---|---:|---:|---:"
    rows = [(price, what, amount(quantity, unit), f"{model.dollars(price, quantity):.2f}", f"{model.dollars(price, more[2]):.2f}")
            for (price, what, quantity, unit), more in zip(one, two)]
    return table(head, *rows, ("**sum**", "", "", f"**{model.sum(one):.2f}**", f"**{model.sum(two):.2f}**"))


def month(model):
    head = ("service", "what", "quantity", "$ a month"), "---|---|---:|---:"
    rows = [(price, what, amount(quantity, unit), f"{model.dollars(price, quantity):.2f}") for price, what, quantity, unit in model.month()]
    return table(head, *rows, ("**sum**", "", "", f"**{model.sum(model.month()):.2f}**"))


def fleets(model):
    head = (("phones", "IngestConcurrency", "steps/s", "messages/s", "maximum that pollers fetch", "busy environments", "busy processors in Postgres",
             "the queue"), "---:|---:|---:|---:|---:|---:|---:|---")
    rows = []
    for phones, concurrency in [(phones, model.concurrency) for phones in FLEETS] + [(FLEETS[-1], 200)]:
        messages, limit = model.messages_rate(phones), model.poll_limit(concurrency)
        served = min(1, limit / messages) * phones
        rows.append((f"{phones:,}", str(concurrency), f"{model.steps_rate(phones):,.1f}", f"{messages:,.1f}", f"{limit:,.0f}/s",
                     f"{model.busy_functions(served, concurrency):.2f}", f"{model.busy_processors(served, concurrency):.3f}",
                     "is emptied within the window" if messages < limit else "**grows**"))
    return table(head, *rows)


def outage(model):
    head = ("phones", "messages in the queue after an hour", "maximum receives of a message, of " + str(model.max_receives), "minutes until it is empty again"), \
        "---:|---:|---:|---:"
    rows = []
    for phones in FLEETS[:3]:
        messages, limit = model.messages_rate(phones), model.poll_limit(model.concurrency)
        rows.append((f"{phones:,}", f"{messages * 3600:,.0f}", str(math.ceil(3600 / model.visibility) + 1), f"{messages * 60 / (limit - messages):,.1f}"))
    return table(head, *rows)


def computed(page):
    model = Model(page)
    for name, part in (("summary", summary), ("million", million), ("month", month), ("fleets", fleets), ("outage", outage)):
        page = re.sub(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", lambda mark: mark[1] + part(model) + mark[2], page, flags=re.S)
    return page


def main(arguments):
    if any(argument not in ("--write", "--check") for argument in arguments):
        sys.exit(__doc__)
    page = PAGE.read_text(encoding="utf-8")
    right = computed(page)
    if "--write" in arguments:
        PAGE.write_text(right, encoding="utf-8")
    elif "--check" in arguments:
        sys.stdout.writelines(difflib.unified_diff(page.splitlines(True), right.splitlines(True), "infra/CAPACITY.md", "computed from its tables"))
        sys.exit(page != right)
    else:
        print(right, end="")


if __name__ == "__main__":
    main(sys.argv[1:])
