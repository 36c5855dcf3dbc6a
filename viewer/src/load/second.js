"use strict";

const BLOCK = 512;
// A member that is larger than this is left to the page.
const LARGEST = 256 * 1024 * 1024;
// From here on a member takes memory of its own, which is given back.
const LARGE = 8 * 1024 * 1024;
// Bytes whose digests are waited for together.
const BATCH = 1024 * 1024;
// Bytes of a file that are unpacked at a time.
const CHUNK = 32 * 1024;
// Bytes that are handed over together: few at first, since somebody waits for something to see, then more and more, since
// each parcel takes the page time by itself. And how many of them may wait on the other side.
const PARCELS = [64 * 1024, 1024 * 1024];
const AHEAD = 8;
// Bytes of the file, and of what it holds, after which one goes in any case: the page says how far this is, and stops a file
// that unpacks to too much.
const TELL = 2 * 1024 * 1024;
const TELL_UNPACKED = 16 * 1024 * 1024;

let room = 0;
let onroom;

// A file that comes bit by bit: what is not yet read of it, with `null` as the end. Nothing while none is read.
let pieces;
let onpiece;

onmessage = async ({ data }) => {
  if (!data) {
    // The page took a parcel.
    room++;
    onroom?.();
    return;
  }
  if (!Array.isArray(data)) {
    if (!pieces) return;
    pieces.push(data instanceof Uint8Array ? data : null);
    onpiece?.();
    return;
  }
  room = AHEAD;
  try {
    const all = await read(...data);
    postMessage(all, all.map((array) => array.buffer));
  } catch {
    postMessage([]);
  }
  pieces = undefined;
};

const digest = (bytes) => crypto.subtle.digest("SHA-256", bytes);

// The next piece, or nothing at the end.
async function next() {
  while (!pieces.length) await new Promise((resolve) => (onpiece = resolve));
  return pieces.shift();
}

// A file, or one that comes in pieces, read once: to ask the browser for a part of a file takes as long as to unpack as much.
class Raw {
  // With what is needed for the digest of the file itself, where that is `hashed`.
  constructor(file, hashed) {
    if (file) {
      const reader = file.stream().getReader();
      this.more = async () => (await reader.read()).value;
    } else {
      pieces = [];
      this.more = next;
    }
    this.all = hashed ? new Uint8Array(file.size) : undefined;
    // How much of it was read, and how much is being unpacked.
    this.read = this.passed = 0;
    this.first = this.pull();
  }

  async pull() {
    const chunk = await this.more();
    if (!chunk) return undefined;
    this.all?.set(chunk, this.read);
    this.read += chunk.length;
    return chunk;
  }

  // Whether it begins as gzip does.
  async isPacked() {
    const [one, two] = (await this.first) ?? [];
    return one === 0x1f && two === 0x8b;
  }

  // In small chunks, since the browser unpacks each whole before it hands over the first byte of it.
  stream() {
    let [chunk, at] = [undefined, 0];
    const pull = async (into) => {
      if (at === (chunk?.length ?? 0)) {
        chunk = await (chunk ? this.pull() : this.first);
        at = 0;
      }
      if (!chunk) return into.close();
      const part = chunk.subarray(at, at + CHUNK);
      [at, this.passed] = [at + part.length, this.passed + part.length];
      into.enqueue(part);
    };
    return new ReadableStream({ pull }, { highWaterMark: 1 });
  }

  // Its digest, once all of it was read.
  digest() {
    return this.all ? digest(this.all.subarray(0, this.read)) : new ArrayBuffer(0);
  }
}

// What of a bundle is wanted: its bytes, and of each recovered file so many of them; the digest of the file itself, which
// cannot be had of one that comes in pieces.
async function read(file, wanted, keep, hashed) {
  const raw = new Raw(file, hashed);
  const packed = await raw.isPacked();
  const bytes = packed ? new Unpacked(raw, wanted) : raw.stream().getReader();
  // The page reads it by itself.
  if (!packed || !wanted) postMessage(null);
  const [lengths, digests] = await members(new Window(bytes), keep, (from, to) => bytes.leave?.(from, to));
  // Whether the stream ends as it should shows at its end, and the digest is of all of it.
  while (!(await bytes.read()).done);
  const whole = raw.digest();
  if (packed && wanted) {
    await bytes.flush();
    postMessage(null);
  }
  return [new Uint8Array(await whole), Uint32Array.from(lengths), digests];
}

// Lengths and digests of the regular files of a tar archive. Of a recovered one the bytes behind the first are left out. There
// may be a hundred thousand: nothing here makes what the next round throws away, and it waits only where bytes are missing.
async function members(bytes, keep, leave) {
  const lengths = [];
  const digests = [];
  let batch = [];
  let [size, before] = [0, undefined];
  for (;;) {
    if (!bytes.holds(BLOCK)) await bytes.fill(BLOCK);
    const head = bytes.take(BLOCK);
    if (head[0] === 0 && head.every((byte) => byte === 0)) break;
    // A sparse file has its map in front, which only the page's own reader knows.
    if (!isUstar(head) || head[156] === 0x53) throw new TypeError("not tar");
    const length = octal(head, 124, 136);
    if (length > LARGEST) throw new RangeError("too large");
    // An ordinary file; anything else stands between the files.
    const ordinary = head[156] === 0x30 || head[156] === 0;
    const at = bytes.passed;
    if (ordinary && length > keep && isRecovered(head)) leave(at + keep, at + length);
    // From here on the head is gone.
    if (!bytes.holds(length)) await bytes.fill(length);
    const data = bytes.take(length);
    if (ordinary) {
      lengths.push(length);
      // It takes its own copy at once, so what is in the window may change.
      batch.push(digest(data));
      size += length;
    }
    const padding = (BLOCK - (length % BLOCK)) % BLOCK;
    if (!bytes.holds(padding)) await bytes.fill(padding);
    bytes.take(padding);
    // One batch in the works while the next is read: memory for two.
    if (size > BATCH) {
      digests.push(...((await before) ?? []));
      [before, batch, size] = [Promise.all(batch), [], 0];
    }
  }
  digests.push(...((await before) ?? []), ...(await Promise.all(batch)));
  const joined = new Uint8Array(32 * digests.length);
  digests.forEach((one, at) => joined.set(new Uint8Array(one), 32 * at));
  return [lengths, joined];
}

const USTAR = [0x75, 0x73, 0x74, 0x61, 0x72];
const isUstar = (head) => USTAR.every((byte, at) => head[257 + at] === byte);
const isRecovered = (head) => /^(\.\/)?(executable|file)\//.test(String.fromCharCode(...head.subarray(0, 100)));

// A number of a header: up to eleven octal digits, then spaces and zeros.
function octal(head, from, to) {
  let [number, at] = [0, from];
  for (; at < to && head[at] >= 0x30 && head[at] <= 0x37; at++) number = 8 * number + head[at] - 0x30;
  const digits = at - from;
  while (at < to && (head[at] === 0 || head[at] === 0x20)) at++;
  if (digits === 0 || digits > 11 || at < to) throw new TypeError("not tar");
  return number;
}

// The bytes that a gzip file holds. Where they are wanted, each is handed to the page once the next are asked for.
class Unpacked {
  constructor(raw, wanted) {
    this.raw = raw;
    this.wanted = wanted;
    this.reader = raw.stream().pipeThrough(new DecompressionStream("gzip")).getReader();
    // What goes into the next parcel, how many bytes that is, and how far file and archive were when the last one went.
    this.parts = [];
    this.size = 0;
    this.parcel = PARCELS[0];
    this.told = [0, 0];
    // What was read last, where in the archive it begins, and what is not to be handed over.
    this.last = undefined;
    this.from = 0;
    this.gaps = [];
  }

  async read() {
    this.take();
    const [packed, from] = this.told;
    if (this.size >= this.parcel || this.raw.passed - packed >= TELL || this.from - from >= TELL_UNPACKED) await this.flush();
    const next = await this.reader.read();
    if (this.wanted) this.last = next.value;
    return next;
  }

  // Does not hand over these bytes, counted from the start of the archive. They come no sooner than they are told of.
  leave(from, to) {
    this.gaps.push([from, to]);
  }

  async flush() {
    this.take();
    while (room === 0) await new Promise((resolve) => (onroom = resolve));
    room--;
    const moved = new Set(this.parts.map((part) => part.buffer).filter((buffer) => buffer));
    postMessage([this.raw.passed, ...this.parts], [...moved]);
    [this.parts, this.size, this.told] = [[], 0, [this.raw.passed, this.from]];
    this.parcel = Math.min(2 * this.parcel, PARCELS[1]);
  }

  // Puts what is wanted of the last bytes into the parcel: whoever asks for more has looked at them.
  take() {
    if (!this.last) return;
    const wanted = this.wantedOf(this.last);
    for (const part of wanted) {
      const before = this.parts.length - 1;
      if (typeof part === "number" && typeof this.parts[before] === "number") this.parts[before] += part;
      else this.parts.push(part);
      this.size += part.length ?? 0;
    }
    this.last = undefined;
  }

  // The pieces of the next bytes that are handed over, and between them how many are not.
  wantedOf(chunk) {
    const parts = [];
    const end = this.from + chunk.length;
    let at = this.from;
    const upTo = (to) => to > at && parts.push(chunk.subarray(at - this.from, to - this.from));
    while (this.gaps.length && this.gaps[0][0] < end) {
      const [from, to] = this.gaps[0];
      upTo(from);
      const stop = Math.min(to, end);
      parts.push(stop - Math.max(from, at));
      at = stop;
      if (to > end) break;
      this.gaps.shift();
    }
    upTo(end);
    this.from = end;
    return parts;
  }
}

// What was read and not yet taken.
class Window {
  constructor(reader) {
    this.reader = reader;
    this.bytes = new Uint8Array(2 * BATCH);
    this.from = this.to = 0;
    // How many bytes were taken.
    this.passed = 0;
  }

  // Whether so many bytes are here.
  holds(length) {
    return this.to - this.from >= length;
  }

  // Waits for them.
  async fill(length) {
    while (!this.holds(length)) {
      const { done, value } = await this.reader.read();
      if (done) throw new RangeError("cut");
      this.add(value, length);
    }
  }

  // The next bytes, which are here and stay until more are waited for.
  take(length) {
    this.from += length;
    this.passed += length;
    return this.bytes.subarray(this.from - length, this.from);
  }

  // Takes more, in all so many that are waited for.
  add(more, wanted) {
    // Room for a large member is given back when it was taken.
    const large = this.bytes.length > LARGE && Math.max(this.to - this.from, wanted) + more.length < 2 * BATCH;
    if (large || this.to + more.length > this.bytes.length) {
      const left = this.bytes.subarray(this.from, this.to);
      const needed = Math.max(left.length, wanted) + more.length;
      const room = needed > LARGE ? needed : Math.max(2 * needed, 2 * BATCH);
      const fits = needed <= this.bytes.length && (needed > LARGE || this.bytes.length <= LARGE);
      const into = fits ? this.bytes : new Uint8Array(room);
      into.set(left);
      [this.bytes, this.from, this.to] = [into, 0, left.length];
    }
    this.bytes.set(more, this.to);
    this.to += more.length;
  }
}
