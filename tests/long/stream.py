"""stream: crm-select and crm-sort against a slow second reader of tables.

    stream.py FOLDER-OF-TOOLS CASES [SEED]

Random tables (CSV and TSV, stray quotes, CR, NUL, bytes that are no UTF-8, ragged rows, repeated
headers, several files, packed, damaged) go through the tools with random options, as files and
through pipes that are fed in odd pieces.  What must come out is said by a model written from
crm-formats(5) and crm(7), one byte after the other.  Compared are status, output, rejects and
the sum of the summary.  A case that differs is left in a folder, and said.
"""

import codecs
import gzip
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import zlib

CSV, TSV = "csv", "tsv"


# ---- the model: reading ----


class Bad(Exception):
    """The input is bad as a whole: status 3."""

    def __init__(self, message=b""):
        super().__init__()
        self.message = message


class Record:
    def __init__(self, raw, fields, line, bad):
        self.raw, self.fields, self.line, self.bad = raw, fields, line, bad


def split_csv(data, delimiter, line):
    """Yields records; Bad where a quote stays open.  A missing last line end is none."""
    at = 0
    while at < len(data):
        fields, start, first, bad = [], at, line, False
        while True:  # a field
            begin = at
            if data[at : at + 1] == b'"':
                opened, at = line, at + 1
                while True:
                    if at >= len(data):
                        raise Bad(b":%d: a quote that opens here" % opened)
                    if data[at : at + 2] == b'""':
                        at += 2
                    elif data[at : at + 1] == b'"':
                        at += 1
                        break
                    else:
                        line += data[at] == 10
                        at += 1
                rest = data[at : at + 2]
                if rest[:1] not in (b"", b"\n", delimiter) and rest != b"\r\n" and data[at:] != b"\r":
                    bad = True
            while at < len(data) and data[at : at + 1] not in (b"\n", delimiter):
                at += 1
            fields.append(data[begin:at])
            if data[at : at + 1] != delimiter:
                break
            at += 1
        raw = data[start:at]
        if raw.endswith(b"\r"):
            raw, fields[-1] = raw[:-1], fields[-1][:-1]
        yield Record(raw, fields, first, bad)
        line += 1
        at += 1


def split_tsv(data, line):
    lines = data.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    elif lines[-1] == b"\\":
        lines[-1] = None
    for raw in lines:
        if raw is None:
            raise Bad(b":%d: the table is cut short" % line)
        if raw.endswith(b"\r"):
            raw = raw[:-1]
        yield Record(raw, raw.split(b"\t"), line, False)
        line += 1


def split(data, dialect, line):
    form, delimiter = dialect
    return split_tsv(data, line) if form == TSV else split_csv(data, delimiter, line)


def value(raw, dialect):
    if dialect[0] == CSV:
        return raw[1:-1].replace(b'""', b'"') if raw.startswith(b'"') else raw
    if raw == b"\\N":
        return b""
    plain = {b"\\t": b"\t", b"\\n": b"\n", b"\\r": b"\r", b"\\\\": b"\\"}
    return re.sub(rb"\\[tnr\\]", lambda match: plain[match[0]], raw)


def written(text, dialect):
    form, delimiter = dialect
    if form == TSV:
        for byte, escape in ((b"\\", b"\\\\"), (b"\t", b"\\t"), (b"\n", b"\\n"), (b"\r", b"\\r")):
            text = text.replace(byte, escape)
        return text
    if any(byte in text for byte in (delimiter, b'"', b"\n", b"\r")):
        return b'"' + text.replace(b'"', b'""') + b'"'
    return text


class Table:
    """One input: its header, and how its rows are found."""

    def __init__(self, name, data, damage, options):
        self.name, self.damage, self.line = name, damage, 1
        self.header, self.empty = None, False
        if not data and damage:
            raise Bad(damage)
        if data.startswith(b"\xef\xbb\xbf"):
            data = data[3:]
        if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
            raise Bad()
        while not options.no_header and re.match(rb"\r?\n", data):
            data = data[data.index(b"\n") + 1 :]
            self.line += 1
        self.data = data
        if not data:
            if damage:
                raise Bad(damage)
            if not options.allow_empty:
                raise Bad(b"empty, not even a header")
            self.empty = True
            return
        self.dialect = self.find_dialect(data, options)
        if b"\n" not in data and damage:
            raise Bad(damage)
        if b"\n" not in data and b"\r" in data[:-1]:
            raise Bad(b"only carriage returns")
        first = self.first_record()
        if options.no_header and options.names:
            self.names = options.names
        elif options.no_header:
            self.names = [b"%d" % (i + 1) for i in range(len(first.fields))]
        else:
            if first.bad:
                raise Bad(b"header: something other")
            self.header = first.fields
            self.names = [value(raw, self.dialect) for raw in first.fields]
            self.line += self.data.count(b"\n", 0, self.header_end)
            self.data = self.data[self.header_end :]

    def find_dialect(self, data, options):
        form = options.form
        if not form and options.delimiter:
            form = CSV
        suffix = re.search(r"\.(csv|tsv|tab)(\.gz|\.zst)?$", self.name)
        if not form and suffix:
            form = CSV if suffix[1] == "csv" else TSV
        if not form and options.no_header:
            form = TSV
        if not form:
            form = TSV if b"\t" in data.split(b"\n")[0] else CSV
        return (form, options.delimiter or (b"," if form == CSV else b"\t"))

    def first_record(self):
        try:
            records = split(self.data, self.dialect, self.line)
            first = next(records)
            while not first.raw:  # rows without a header may begin with empty lines
                first = next(records)
        except StopIteration:
            if self.damage:
                raise Bad(self.damage) from None
        except Bad:
            if self.damage:
                raise Bad(self.damage) from None
            raise
        end = self.data.find(b"\n", len(first.raw))
        if end < 0 and self.damage:
            raise Bad(self.damage)
        self.header_end = end + 1 if end >= 0 else len(self.data)
        return first

    def records(self):
        data = self.data
        if not self.damage:
            yield from split(data, self.dialect, self.line)
            return
        # What stands behind the last whole record is lost with what follows.
        held = None
        try:
            for record in split(data, self.dialect, self.line):
                if held:
                    yield held
                held = record
            if held and data.endswith(b"\n"):
                yield held
        except Bad:
            if held:
                yield held
        raise Bad(self.damage)


# ---- the model: the tool ----


class Options:
    form = delimiter = to = names = columns = where = sort = None
    no_header = no_header_out = allow_empty = strict = unique = False


class Model:
    def __init__(self, options):
        self.options = options
        self.out, self.rejects, self.status, self.message = b"", [], 0, b""
        self.read = self.used = self.rejected = self.left_out = self.merged = self.blank = 0
        self.sorting = []  # key, fields

    def run(self, inputs):
        """inputs: (name as messages call it, name for its suffix, bytes, what is wrong behind them)."""
        try:
            self.go(inputs)
            self.status = 1 if self.rejected else 0
        except Bad as bad:
            self.status, self.message = 3, bad.message
            if self.out:
                self.out += b"\\" if self.dialect[0] == TSV else b'"'

    def go(self, inputs):
        tables = []
        for said, path, data, damage in inputs:
            table = Table(path, data, damage, self.options)
            table.said = said
            tables.append(table)
            full = [one for one in tables if not one.empty]
            if full and full[0] is not table and not table.empty:
                self.match(full[0], table)
        if not full:
            return
        first = full[0]
        if self.options.where:
            self.where = place(self.options.where[0], first.names)
        chosen = resolve(self.options.columns, first.names) if self.options.columns else range(len(first.names))
        chosen = list(chosen)
        if not chosen:
            raise Bad(b"no column is left")
        if self.options.sort:
            self.keys = [i for item in self.options.sort for i in resolve([item], first.names)]
        self.dialect = self.output_dialect(first.dialect)
        for table in tables:
            if not table.empty and not hasattr(table, "map"):
                table.map = list(range(len(first.names)))
        if not self.options.no_header_out:
            raw = first.header if self.dialect == first.dialect else None
            self.row([raw[i] if raw else written(first.names[i], self.dialect) for i in chosen])
        for table in full:
            for record in table.records():
                self.record(first, table, record, chosen)
        if self.options.sort:
            self.write_sorted()

    def write_sorted(self):
        last = None
        for key, fields in sorted(self.sorting, key=lambda entry: entry[0]):
            if self.options.unique and key == last:
                self.used, self.merged = self.used - 1, self.merged + 1
            else:
                self.row(fields)
            last = key

    @staticmethod
    def match(first, table):
        if first.names == table.names:
            return
        for name in first.names:
            if table.names.count(name) != 1:
                raise Bad(b"no column" if name not in table.names else b"occurs twice")
        for name in table.names:
            if first.names.count(name) != 1:
                raise Bad(b"is one more" if name not in first.names else b"occurs twice")
        table.map = [table.names.index(name) for name in first.names]

    def output_dialect(self, dialect):
        if self.options.to == TSV:
            return (TSV, b"\t")
        if self.options.to == CSV and not (self.options.delimiter and dialect[0] == CSV):
            return (CSV, b",")
        return dialect

    def row(self, fields):
        if fields == [b""] and self.dialect[0] == CSV:
            fields = [b'""']
        # A carriage return before the line feed would be part of the line end.
        if fields[-1].endswith(b"\r"):
            fields = fields[:-1] + [written(value(fields[-1], self.dialect), self.dialect)]
        self.out += self.dialect[1].join(fields) + b"\n"

    def reject(self, table, record, code, message):
        self.rejected += 1
        raw = record.raw.decode("utf-8", "backslashreplace_upper").encode()
        fields = [table.said.encode(), b"%d" % record.line, b"", code, message, raw]
        self.rejects.append(b",".join(written(field, (CSV, b",")) for field in fields) + b"\n")

    def record(self, first, table, record, chosen):
        width = len(first.names)
        if record.raw == b"" and width != 1:
            self.blank += 1
            return
        self.read += 1
        if record.bad:
            self.reject(table, record, b"bad_quote", b"something other than a delimiter follows a closing quote")
            return
        if len(record.fields) != width:
            self.reject(table, record, b"ragged", b"%d fields, expected %d" % (len(record.fields), width))
            return
        raw = [record.fields[i] for i in table.map]
        values = [value(field, table.dialect) for field in raw]
        if first.header:
            start = values[0][3:] if values[0].startswith(b"\xef\xbb\xbf") else values[0]
            if [start] + values[1:] == first.names:
                self.reject(table, record, b"repeated_header", b"the header again")
                return
        if self.options.strict and not is_utf8(record.raw):
            self.reject(table, record, b"utf8", b"bytes that are no UTF-8")
            return
        if self.options.where:
            if values[self.where] != self.options.where[1]:
                self.left_out += 1
                return
        self.used += 1
        same = table.dialect == self.dialect
        fields = [raw[i] if same else written(values[i], self.dialect) for i in chosen]
        if self.options.sort:
            self.sorting.append(([values[i] for i in self.keys], fields))
        else:
            self.row(fields)


def is_utf8(text):
    try:
        text.decode()
        return True
    except UnicodeDecodeError:
        return False


def readable(error):
    return "".join("\\x%02X" % byte for byte in error.object[error.start : error.end]), error.end


# ---- columns ----


def resolve(items, names):
    """Items as (kind, ...) with the places that they name; Bad where one is not there."""
    chosen = []
    for number, (kind, *what) in enumerate(items):
        if kind == "like":
            some = [i for i, name in enumerate(names) if name.startswith(what[0])]
            if not some:
                raise Bad(b"no column like")
        else:
            ends = [place(end, names) for end in what]
            step = 1 if ends[0] <= ends[-1] else -1
            some = list(range(ends[0], ends[-1] + step, step))
        if kind == "not":
            chosen = list(range(len(names))) if number == 0 else chosen
            chosen = [i for i in chosen if i not in some]
        else:
            chosen += [i for i in some if i not in chosen]
    return chosen


def place(end, names):
    if isinstance(end, int):
        if not 1 <= end <= len(names):
            raise Bad(b"no column %d" % end)
        return end - 1
    if names.count(end) != 1:
        raise Bad(b"occurs twice" if end in names else b"no column")
    return names.index(end)


def item_text(kind, *what):
    texts = []
    for end in what:
        if isinstance(end, int):
            texts.append(b"%d" % end)
        elif kind != "like" and (not re.fullmatch(rb"[^\s:*!,`.]+", end) or end.isdigit()):
            texts.append(b"`" + end + b"`")
        else:
            texts.append(end)
    return {"like": b"%s*", "not": b"!%s"}.get(kind, b"%s") % b"..".join(texts)


# ---- random tables ----

NAMES = [b"a", b"b", b"ab", b"abc", b"x y", "字".encode(), b"2", b"10", b"a,b", b'q"q', b"", b"n\nl", b"t\tt", b"b\\s",
         b"!e", b"*", b"a..b", b"a:b", b"\xff", b" a", b"c\r"]
VALUES = NAMES + [b"1", b"22", b"13900000000", b"\\N", b"\\", b"\\t", b'"', b'""', b"\r", b"\r\n", b"\n\n", b"\0",
                  b"\xef\xbb\xbfa", b"\xc0\xaf", "中文，".encode(), b"x" * 70, b"y" * 300, b"5\" pipe", b"'", b";", b"|"]
NOISE = [b",", b'"', b"\n", b"\r\n", b"\r", b"\t", b";", b"\\", b"a", b"b", b"\\N", b"\xef\xbb\xbf", b'""', b'",', b',"', b"\0", b"|"]


class Maker:
    def __init__(self, rng):
        self.rng = rng

    def chance(self, share):
        return self.rng.random() < share

    def field(self, text, dialect):
        form, delimiter = dialect
        if form == TSV:
            if not text and self.chance(0.2):
                return b"\\N"
            return written(text, dialect) if self.chance(0.95) else text.replace(b"\n", b"")
        must = any(byte in text for byte in (delimiter, b"\n")) or text.startswith(b'"') or text.endswith(b"\r")
        if self.chance(0.01):
            return text  # as it comes
        if must or self.chance(0.15):
            return b'"' + text.replace(b'"', b'""') + b'"'
        return text

    def table(self, names, dialect, rows, header=True):
        rng, lines = self.rng, []
        end = rng.choice([b"\n", b"\n", b"\r\n", None])
        odd = rng.choice([0, 0, 0.05, 0.3])
        some = rng.sample(VALUES, rng.randint(1, len(VALUES)))
        if header:
            lines.append([self.field(name, dialect) for name in names])
        for _ in range(rows):
            count = len(names)
            if self.chance(odd):
                count = max(1, count + rng.randint(-2, 2))
            row = [self.field(rng.choice(some), dialect) for _ in range(count)]
            if self.chance(odd / 2):
                row = [self.field(name, dialect) for name in names]
            if self.chance(odd / 2):
                row[rng.randrange(len(row))] = b'"x"' + rng.choice([b"y", b"\r", b' "', b'z"'])
            lines.append([] if self.chance(odd / 2) else row)
        text = b"".join(dialect[1].join(line) + (end or rng.choice([b"\n", b"\r\n"])) for line in lines)
        if self.chance(0.2):
            text = re.sub(rb"\r?\n$", b"", text)
        if self.chance(0.1):
            text = b"\xef\xbb\xbf" + text
        if self.chance(0.03):
            text += b'"' if self.chance(0.7) else b"\\"
        if self.chance(0.03):
            text = rng.choice([b"\n", b"\r\n", b"\n\r\n"]) + text
        return text

    def noise(self):
        return b"".join(self.rng.choices(NOISE, k=self.rng.randint(0, 60)))

    def columns(self, names):
        usable = [name for name in names if b"`" not in name and b"\0" not in name]
        items = []
        for _ in range(self.rng.randint(1, 4)):
            kind = self.rng.choice(["one", "one", "number", "range", "like", "not"])
            end = lambda: self.rng.randint(1, len(names)) if self.chance(0.5) or not usable else self.rng.choice(usable)
            if kind == "like":
                items.append(("like", self.rng.choice([b"", b"a", b"a", b"x", b"ab"])))
            elif kind == "range":
                items.append(("one", end(), end()))
            elif kind == "number":
                items.append(("one", self.rng.randint(1, len(names) + self.chance(0.05))))
            else:
                items.append((kind, end()))
        return items


def pack(rng, data):
    """gzip of one or several members; sometimes cut short: bytes, what inflates, what is wrong."""
    cuts = sorted(rng.randint(0, len(data)) for _ in range(rng.choice([0, 0, 1, 2])))
    parts = [data[start:end] for start, end in zip([0] + cuts, cuts + [len(data)])]
    packed = b"".join(gzip.compress(part, rng.choice([1, 9]), mtime=0) for part in parts)
    if rng.random() > 0.15:
        return packed, data, b""
    packed = packed[: rng.randint(2, len(packed) - 1)]
    out, rest, whole = b"", packed, True
    while rest:
        stream = zlib.decompressobj(31)
        out += stream.decompress(rest)
        whole, rest = stream.eof, stream.unused_data
    return packed, out, b"" if whole else b"gzip: truncated"


class Case:
    def __init__(self, rng):
        make, options = Maker(rng), Options()
        self.rng, self.options, self.arguments = rng, options, []
        dialect = rng.choice([(CSV, b","), (CSV, b","), (CSV, b";"), (CSV, b"\t"), (TSV, b"\t"), (TSV, b"\t")])
        names = [rng.choice(NAMES) for _ in range(rng.randint(1, 6))]
        if make.chance(0.7):
            names = rng.sample(NAMES, rng.randint(1, 6))
        options.no_header = make.chance(0.15)
        options.no_header_out = make.chance(0.1)
        options.allow_empty = make.chance(0.1)
        options.strict = make.chance(0.1)
        if options.no_header and make.chance(0.5):
            options.names = [name for name in names if re.fullmatch(rb"[^\s:*!,`.]+", name)] or [b"n"]
        self.inputs, self.files = [], []
        for number in range(rng.choice([1, 1, 1, 1, 2, 3])):
            order = rng.sample(names, len(names)) if make.chance(0.5) else names
            rows = rng.choice([0, 1, 3, 10, 40]) if make.chance(0.997) else rng.randint(3000, 12000)
            data = make.noise() if make.chance(0.15) else make.table(order, dialect, rows, not options.no_header or make.chance(0.1))
            if make.chance(0.03):
                data = rng.choice([b"", b"\xef\xbb\xbf", b"\n", b"a", b"\r", b"a\rb", b'"'])
            packed, plain, damage = pack(rng, data) if make.chance(0.2) else (data, data, b"")
            if packed is data and data[:2] == b"\x1f\x8b":
                continue
            suffix = rng.choice(["", "", ".csv", ".tsv", ".tab", ".txt"]) + rng.choice(["", ".gz"])
            self.files.append((f"f{number}{suffix}", packed))
            self.inputs.append([self.files[-1][0], self.files[-1][0], plain, damage])
        if make.chance(0.85) or dialect[1] in b";":
            options.form = dialect[0] if make.chance(0.95) else rng.choice([CSV, TSV])
            if dialect[0] == CSV and dialect[1] != b",":
                options.delimiter, options.form = dialect[1], None
        options.to = rng.choice([None, None, CSV, TSV])
        self.choose(make, names)
        self.standard = rng.randrange(len(self.inputs)) if make.chance(0.4) else None
        if self.standard is not None:
            self.inputs[self.standard][:2] = ["(standard input)", ""]

    def choose(self, make, names):
        options = self.options
        known = options.names or names
        if make.chance(0.15):
            options.sort = [item for item in make.columns(known) if item[0] != "not"] or [("like", b"")]
            options.unique = make.chance(0.3)
            return
        if make.chance(0.5):
            options.columns = make.columns(known)
        words = [name for name in set(known) if re.fullmatch(rb"[a-z]+", name) and known.count(name) == 1]
        if words and make.chance(0.15) and not options.no_header:
            options.where = (self.rng.choice(words), self.rng.choice([b"a", b"1", b"22", b"x y"]))

    def command(self):
        options, given = self.options, []
        given += [b"--from", options.form.encode()] if options.form else []
        given += [b"-d", options.delimiter] if options.delimiter else []
        given += [b"--to", options.to.encode()] if options.to else []
        given += [b"--no-header"] if options.no_header else []
        given += [b"--no-header-out"] if options.no_header_out else []
        given += [b"--allow-empty"] if options.allow_empty else []
        given += [b"--strict", b"utf8"] if options.strict else []
        given += [b"--names", b",".join(name if not name.isdigit() else b"`" + name + b"`" for name in options.names)] if options.names else []
        given += [b"-c", b",".join(item_text(*item) for item in options.columns)] if options.columns else []
        given += [b"-k", b",".join(item_text(*item) for item in options.sort)] if options.sort else []
        given += [b"-u"] if options.unique else []
        given += [b"--memory", self.rng.choice([b"1", b"1K", b"1G"])] if options.sort else []
        given += [b"-w", options.where[0] + b' == "' + options.where[1] + b'"'] if options.where else []
        return given


# ---- running ----


class Runner:
    def __init__(self, tools, folder):
        self.tools, self.folder = tools, folder
        self.devnull = os.open(os.devnull, os.O_RDONLY)

    def run(self, case, threads, piece, to_file):
        tool = b"crm-sort" if case.options.sort else b"crm-select"
        arguments = [os.path.join(self.tools, tool), b"-v", b"--threads", b"%d" % threads, b"--rejects", b"rejects"] + case.command()
        arguments += [b"-o", b"result"] if to_file else []
        if to_file:
            self.write("result", b"yesterday")
        names = [name.encode() for name, _ in case.files]
        if case.standard is not None:
            names[case.standard] = b"-"
        if names != [b"-"] or case.rng.random() < 0.5:
            arguments += [b"--"] + names
        with open(self.path("out"), "wb") as out, open(self.path("err"), "wb") as err:
            stdin = subprocess.PIPE if case.standard is not None else self.devnull
            child = subprocess.Popen(arguments, stdin=stdin, stdout=out, stderr=err, cwd=self.folder, bufsize=0, close_fds=False)
            if case.standard is not None:
                self.feed(child, case.files[case.standard][1], piece)
            status = child.wait(60)
        got = self.read("result" if to_file else "out")
        return status, got, self.read("err"), self.read("rejects")

    @staticmethod
    def feed(child, data, piece):
        try:
            for at in range(0, len(data), piece or len(data) or 1):
                child.stdin.write(data[at : at + (piece or len(data))])
                if piece:
                    os.sched_yield()
            child.stdin.close()
        except BrokenPipeError:
            pass

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)

    def read(self, name):
        try:
            with open(self.path(name), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None


def judge(model, to_file, result):
    """What differs, or nothing."""
    status, out, err, rejects = result
    expected = model.out
    if to_file and model.status == 3:
        expected = b"yesterday"
    wrong = []
    if status != model.status:
        wrong.append(f"status {status}, expected {model.status}")
    if out != expected:
        wrong.append(f"output {out!r:.600}, expected {expected!r:.600}")
    if model.message not in err:
        wrong.append(f"message {err!r:.300}, expected {model.message!r}")
    said = b"".join(model.rejects)
    if rejects is not None and rejects.split(b"\n", 1)[1] != said:
        wrong.append(f"rejects {rejects!r:.600}, expected {said!r:.600}")
    if rejects is None and said:
        wrong.append("no rejects")
    total = b"%d read = %d used + %d rejected + %d merged + %d left out; %d written" % (
        model.read, model.used, model.rejected, model.merged, model.left_out, model.used)
    if status < 2 and (total not in err or (model.blank and b"%d empty lines" % model.blank not in err)):
        wrong.append(f"summary {err!r:.300}, expected {total!r} and {model.blank} empty lines")
    return wrong


def main():
    tools, cases = os.path.realpath(sys.argv[1]).encode(), int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    folder = tempfile.mkdtemp(prefix="crm-stream.")
    runner = Runner(tools, folder)
    codecs.register_error("backslashreplace_upper", readable)
    passed = failed = 0
    for number in range(cases):
        case = Case(random.Random(f"{seed} {number}"))
        if not case.files:
            continue
        for name, data in case.files:
            runner.write(name, data)
        model = Model(case.options)
        model.run(case.inputs)
        to_file = case.rng.random() < 0.1
        result = runner.run(case, case.rng.choice([1, 2, 7]), case.rng.choice([0, 0, 1, 3, 17, 100, 1000, 4096]), to_file)
        wrong = judge(model, to_file, result)
        if wrong:
            failed += 1
            kept = f"{folder}.{number}"
            shutil.copytree(folder, kept)
            print(f"case {seed} {number}: {kept}: {[argument.decode(errors='replace') for argument in case.command()]}"
                  f" {case.inputs!r:.1500}")
            for line in wrong:
                print("    " + line)
            if failed == 20:
                break
        else:
            passed += 1
        for name in os.listdir(folder):
            os.unlink(os.path.join(folder, name))
    shutil.rmtree(folder)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
