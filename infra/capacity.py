#!/usr/bin/env python3
"""Computes the tables of infra/CAPACITY.md from its prices and figures, the templates and the functions' metrics.

  infra/capacity.py            prints the page with its computed parts
  infra/capacity.py --write    writes them into infra/CAPACITY.md
  infra/capacity.py --check    exits with 1 and a diff if the page does not match its tables, or if the profile small is too expensive

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
OBSERVABILITY = INFRA / "observability.yaml"
METRICS = INFRA.parent / "functions/aws/src/main/java/dev/steptrail/aws/Metric.java"
HOURS_PER_MONTH = 730
DAYS_PER_MONTH = 30.4
MAX_IDLE_SMALL = 3  # dollars a month
PROFILES = ("small", "standard")
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


def blocks(text, section):
    """Returns the entries of a section of a template: name to text."""
    text = re.sub(r"^ *#.*\n| +#.*$", "", text, flags=re.M)  # comments
    body = re.search(rf"^{section}:\n(.*?)(?=^\S|\Z)", text, re.S | re.M)
    parts = re.split(r"^  (\w+):", body.group(1) if body else "", flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


class Expression:
    """A condition of a template, such as `!And [!Condition A, !Not [!Equals [!Ref B, ""]]]`."""

    def __init__(self, text):
        text = text.strip()
        if "\n" in text:  # a list in block style
            head, *items = re.split(r"\n +- ", text)
            text = f"{head} [{', '.join(items)}]"
        self.tokens = re.findall(r"!\w+|[\[\],]|\"[^\"]*\"|[^!\[\],\"]+", text)
        self.tokens = [token.strip() for token in self.tokens if token.strip()]

    def value(self, parameters, conditions):
        token = self.tokens.pop(0)
        if token == "[":
            values = []
            while True:
                values.append(self.value(parameters, conditions))
                if self.tokens.pop(0) == "]":
                    return values
        if not token.startswith("!"):
            return token.strip('"')
        argument = self.value(parameters, conditions)
        functions = {
            "!Ref": lambda: parameters[argument],
            "!Condition": lambda: Expression(conditions[argument]).value(parameters, conditions),
            "!Equals": lambda: argument[0] == argument[1],
            "!Not": lambda: not argument[0],
            "!And": lambda: all(argument),
            "!Or": lambda: any(argument),
        }
        return functions.get(token, lambda: sys.exit(f"{sys.argv[0]} does not support {token} in conditions"))()


class Template:
    """A template as it is deployed in a profile, with the defaults of all other parameters."""

    def __init__(self, path, profile, parameters=None):
        text = path.read_text(encoding="utf-8")
        self.parameters = {}
        for name, entry in blocks(text, "Parameters").items():
            default = re.search(r"^    Default: (.*)$", entry, re.M)
            self.parameters[name] = default.group(1).strip('"') if default else None
        self.asked = [name for name, default in self.parameters.items() if default is None]
        self.parameters.update(parameters or {}, Profile=profile)
        self.conditions = blocks(text, "Conditions")
        self.resources = {name: entry for name, entry in blocks(text, "Resources").items() if self.exists(entry)}
        for rule in blocks(text, "Rules").values():  # the parameters that a rule requires in the profile
            condition = re.search(r"^    RuleCondition: (.*)$", rule, re.M)
            if not condition or Expression(condition.group(1)).value(self.parameters, self.conditions):
                self.asked += [name for name in re.findall(r'!Not \[!Equals \[!Ref (\w+), ""\]\]', rule) if name not in self.asked]

    def is_met(self, condition):
        return Expression(self.conditions[condition]).value(self.parameters, self.conditions)

    def exists(self, entry):
        condition = re.search(r"^    Condition: (\w+)", entry, re.M)
        return not condition or self.is_met(condition.group(1))

    def of_type(self, kind):
        return {name: entry for name, entry in self.resources.items() if f"    Type: {kind}\n" in entry}

    def watched_metrics(self):
        """Returns the number of metrics that alarms watch, which is what alarms are billed by."""
        watched = 0
        for alarm in self.of_type("AWS::CloudWatch::Alarm").values():
            choice = re.search(r"^      Metrics: !If\n        - (\w+)\n", alarm, re.M)
            if choice:
                alarm = re.split(r"^        - (?=- )", alarm, flags=re.M)[1 if self.is_met(choice.group(1)) else 2]
            watched += len(re.findall(r"^ +MetricName:", alarm, re.M))
        return watched

    def polled_queues(self):
        """Returns for each queue that Lambda polls whether it is a FIFO queue."""
        queues = re.findall(r"Type: SQS\n +Properties:\n +Queue: !GetAtt (\w+)\.Arn", "".join(self.resources.values()))
        return ["FifoQueue: true" in self.resources[queue] for queue in queues]


def published_metrics(profile):
    """Returns the number of metrics that the functions publish. Those by reason or job are not counted."""
    if profile == "small":
        names = re.search(r'STEPTRAIL_METRICS: !If \[\w+, all, "([\w,]+)"\]', TEMPLATE.read_text(encoding="utf-8"))
        return len(names.group(1).split(",")) if names else sys.exit("sam-template.yaml has no STEPTRAIL_METRICS")
    metrics = re.findall(r'^    [A-Z_]+\(\s*"\w+",\s*Unit\.\w+,(?:\s*"\w+",)?([A-Z_,\s]+)\)[,;]', METRICS.read_text(encoding="utf-8"), re.M)
    return sum(len(publishers.split(",")) for publishers in metrics)


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
        self.templates = {profile: Template(TEMPLATE, profile) for profile in PROFILES}
        self.observability = {
            profile: Template(OBSERVABILITY, profile, {name: template.parameters.get(name, "")
                                                       for name in blocks(OBSERVABILITY.read_text(encoding="utf-8"), "Parameters")})
            for profile, template in self.templates.items()}

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

    def million(self, profile, screens):
        """Returns (price, what, quantity, unit) for a million steps of 1,000 phones, until their retention expires."""
        steps, phones, figure = 1e6, 1_000, self.figure
        own = profile == "standard"  # its own database, key and traces
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
             own * self.busy_processors(phones, self.concurrency) / rate * steps / figure("processors of an ACU") / 3600, "ACU-hours"),
            ("Aurora Standard, I/O", "write steps to storage", own * figure("KB of write-ahead log, a step") * 1e3 * steps / 4096, "requests"),
            ("Aurora Standard, storage", f"keep rows for {months:g} months", own * self.rows_gb(steps) * months, "GB-months"),
            ("KMS, requests", "data keys of queue and bucket, one per client and hour", own * 2 * hours * (2 * phones + 1), "requests"),
            ("X-Ray, traces", "trace ingest and the API", own * figure("share of the invocations that are traced") * (invocations + requests), "traces"),
            ("CloudWatch Logs, ingested", "logs of ingest", invocations * figure("KB of log, an invocation") / 1e6, "GB"),
            ("API Gateway, HTTP API", "view a tenth: API", requests, "requests"),
            ("Lambda arm64, duration", "view a tenth: API function", requests * figure("ms of the API, a request") / 1e3 * self.memory_gb, "GB-s"),
            ("S3 Standard, GET", "view a tenth: screens", share * files, "requests"),
            ("CloudWatch Logs, ingested", "view a tenth: logs of the API", requests * figure("KB of log, a request") / 1e6, "GB"),
            ("Data transfer to the internet", "view a tenth: to the browser", share * screen_gb, "GB"),
            ("Data transfer to the internet", "rows to your Postgres", (not own) * self.rows_gb(steps), "GB"),
        ]

    def rows_gb(self, steps):
        return self.figure("KB of rows and indexes, a step") * steps / 1e6

    def month(self, profile, capacity_hours=0.5 * HOURS_PER_MONTH):
        """Returns the same for a month without a step, in which Aurora runs for so many ACU-hours."""
        template, observability, figure = self.templates[profile], self.observability[profile], self.figure
        own = profile == "standard"
        polls = figure("pollers of a queue") * HOURS_PER_MONTH * 3600 / figure("seconds of a poll without a message")
        fifo = template.polled_queues()
        runs = HOURS_PER_MONTH / {"rate(15 minutes)": 0.25, "rate(1 hour)": 1, "rate(6 hours)": 6, "rate(1 day)": 24}[template.parameters["MaintenanceRate"]]
        daily = "".join(template.resources.values()).count("Schedule: rate(1 day)") * DAYS_PER_MONTH
        endpoints = [entry for entry in template.of_type("AWS::EC2::VPCEndpoint").values() if "VpcEndpointType: Interface" in entry]
        return [
            ("Aurora Serverless v2, Standard, capacity", "capacity of the database", own * capacity_hours, "ACU-hours"),
            ("Interface endpoint, of each zone", "endpoint of SQS, in one zone", len(endpoints) * HOURS_PER_MONTH, "hours"),
            ("KMS, customer key", "the stack's key", len(template.of_type("AWS::KMS::Key")), "keys"),
            ("KMS, requests", "read passwords from SSM, at each start of maintenance", (not own) * runs, "requests"),
            ("CloudWatch, custom metrics", "metrics of the functions", published_metrics(profile), "metrics"),
            ("CloudWatch, alarms", "metrics that alarms watch", template.watched_metrics() + observability.watched_metrics(), "metrics"),
            ("CloudWatch, dashboards", "the dashboard", len(observability.of_type("AWS::CloudWatch::Dashboard")), "dashboards"),
            ("SQS standard, requests of 64 KiB", f"poll {fifo.count(False)} of the queues", fifo.count(False) * polls, "requests"),
            ("SQS FIFO, requests of 64 KiB", f"poll {fifo.count(True)} of the queues", fifo.count(True) * polls, "requests"),
            ("Lambda, requests", f"maintenance ({template.parameters['MaintenanceRate']}), and daily requests that keep snapshots active", runs + daily, "requests"),
            ("Lambda arm64, duration", "run maintenance", runs * figure("seconds of maintenance, an idle run") * self.memory_gb, "GB-s"),
            ("X-Ray, traces", "trace them", own * (runs + daily), "traces"),
            ("CloudWatch Logs, ingested", "logs of maintenance", runs * figure("KB of log, a run of maintenance") / 1e6, "GB"),
            ("S3 Standard, PUT and LIST", "list the bucket daily", figure("LIST requests of maintenance, a day") * DAYS_PER_MONTH, "requests"),
            ("Cognito Essentials", "users that sign in", figure("users"), "users"),
        ]

    def idle(self, profile, *capacity_hours):
        return self.sum(self.month(profile, *capacity_hours))

    def awake_hours(self):
        """Returns the ACU-hours of a database that pauses between the runs of maintenance."""
        return 0.5 * HOURS_PER_MONTH * self.figure("minutes that a run keeps Aurora awake") / 60

    def sum(self, lines):
        return sum(self.dollars(price, quantity) for price, _, quantity, _ in lines)


def table(head, *rows):
    return "".join("| " + " | ".join(row) + " |\n" for row in (head[0], *rows)).replace("\n", "\n|" + head[1] + "|\n", 1)


def amount(quantity, unit):
    exact = quantity == int(quantity) or quantity >= 100
    return (f"{quantity:,.0f}" if exact else f"{quantity:.2g}" if quantity < 0.1 else f"{quantity:.2f}") + " " + (unit[:-1] if quantity == 1 else unit)


def profiles(model):
    head = ("profile", "resources", "parameters asked", "$ a month, idle", "$ per million steps, one screen", "two screens"), "---|---:|---|---:|---:|---:"
    rows = []
    for profile, note, *hours in (("small", ""), ("standard", ", database paused between runs", model.awake_hours()), ("standard", ", database at 0.5 ACU")):
        template = model.templates[profile]
        rows.append((f"`{profile}`{note}", str(len(template.resources) + len(model.observability[profile].resources)),
                     ", ".join(f"`{name}`" for name in ["Profile"] * (profile != template_default("Profile")) + template.asked) or "none",
                     f"{model.idle(profile, *hours):.2f}", *(f"{model.sum(model.million(profile, screens)):.2f}" for screens in (1, 2))))
    return table(head, *rows)


def template_default(name):
    return re.search(r"^    Default: (.*)$", blocks(TEMPLATE.read_text(encoding="utf-8"), "Parameters")[name], re.M).group(1)


def summary(model):
    small, standard = (model.sum(model.million(profile, 1)) for profile in PROFILES)
    lines = model.million("small", 1)
    stored, kept = (model.dollars(price, quantity) for price, _, quantity, _ in lines[4:6])
    limit = model.poll_limit(model.concurrency) / model.messages_rate(1)
    return (
        f"- The profile `small` costs **${model.idle('small'):.2f}** a month without recordings, plus the cost of your Postgres. `standard` costs\n"
        f"  **${model.idle('standard'):.2f}**, including ${0.5 * HOURS_PER_MONTH * model.dollars('Aurora Serverless v2, Standard, capacity', 1):.2f} for Aurora at 0.5 ACU.\n"
        f"- A million steps with one screen each cost about **${small:.2f}** (`small`) or **${standard:.2f}** (`standard`). Storing a screen and\n"
        f"  its thumbnail (two S3 PUT requests) is ${stored:.2f} of that, keeping them ${kept:.2f}.\n"
        f"- Up to **{math.floor(limit / 100) * 100:,} phones** no limit is reached; screens are the main cost. Above that, `IngestConcurrency` {model.concurrency} is the first limit.\n")


def priced(model, profile, line):
    """Returns the cells "quantity" and "$" of a line, which are empty if the profile does not have it."""
    price, _, quantity, unit = line
    return (amount(quantity, unit), f"{model.dollars(price, quantity):.2f}") if quantity else ("", "")


def million(model):
    head = ("service", "what", "quantity, one screen", "$ `small`, one screen", "two screens", "$ `standard`, one screen", "two screens"), "---|---|---:|---:|---:|---:|---:"
    columns = [model.million(profile, screens) for profile in PROFILES for screens in (1, 2)]
    rows = [(own[0], own[1], amount(own[2] or one[2], own[3]), *(priced(model, "", line)[1] for line in (one, two, own, own_two)))
            for one, two, own, own_two in zip(*columns)]
    return table(head, *rows, ("**sum**", "", "", *(f"**{model.sum(lines):.2f}**" for lines in columns)))


def month(model):
    head = ("service", "what", "`small`", "$ a month", "`standard`", "$ a month"), "---|---|---:|---:|---:|---:"
    rows = [(small[0], small[1], *priced(model, "small", small), *priced(model, "standard", standard))
            for small, standard in zip(*(model.month(profile) for profile in PROFILES))]
    sums = [("**sum**", "", "", f"**{model.idle('small'):.2f}**", "", f"**{model.idle('standard'):.2f}**")]
    for plan, megabytes in (("Supabase, Free plan", 500), ("Supabase, Pro plan", 8_000)):
        steps = round(megabytes / 1e3 / model.rows_gb(1), -4)
        sums.append((plan, f"not in the sum: a Postgres with {megabytes / 1e3:g} GB, about {steps:,.0f} steps", "", f"{model.dollars(plan, 1):.2f}", "", ""))
    return table(head, *rows, *sums)


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
    for name, part in (("profiles", profiles), ("summary", summary), ("million", million), ("month", month), ("fleets", fleets), ("outage", outage)):
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
        idle = Model(page).idle("small")
        if idle >= MAX_IDLE_SMALL:
            print(f"the profile small costs ${idle:.2f} a month without recordings; it must cost less than ${MAX_IDLE_SMALL}")
        sys.exit(page != right or idle >= MAX_IDLE_SMALL)
    else:
        print(right, end="")


if __name__ == "__main__":
    main(sys.argv[1:])
