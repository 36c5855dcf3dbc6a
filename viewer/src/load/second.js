"use strict";

const BLOCK = 512;
// A member that is larger than this is left to the page.
const LARGEST = 256 * 1024 * 1024;
// From here on a member takes memory of its own, which is given back.
const LARGE = 8 * 1024 * 1024;
// Bytes whose digests are waited for together.
const BATCH = 1024 * 1024;
// Bytes that are handed over together, and how many times that may wait on the other side.
const PARCEL = 256 * 1024;
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

// A file out of pieces, which are arrays of bytes.
class Pieces {
  constructor() {
    pieces = [];
    this.first = next();
  }

  slice() {
    return { arrayBuffer: async () => (await this.first)?.slice(0, 2) ?? new ArrayBuffer(0) };
  }

  stream() {
    let at = this.first;
    const pull = async (into) => {
      const piece = await at;
      at = next();
      if (piece) into.enqueue(piece);
      else into.close();
    };
    return new ReadableStream({ pull }, { highWaterMark: 1 });
  }
}

async function next() {
  while (!pieces.length) await new Promise((resolve) => (onpiece = resolve));
  return pieces.shift();
}

// What of a bundle is wanted: its bytes, and of each recovered file so many of them; the digest of the file itself, which
// cannot be had of one that comes in pieces.
async function read(file, wanted, keep, hashed) {
  file ??= new Pieces();
  const whole = hashed ? digest(await file.arrayBuffer()) : new ArrayBuffer(0);
  const magic = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const packed = magic[0] === 0x1f && magic[1] === 0x8b;
  const bytes = packed ? new Unpacked(file, wanted) : file.stream().getReader();
  // The page reads it by itself.
  if (!packed || !wanted) postMessage(null);
  const [lengths, digests] = await members(new Window(bytes), keep, (from, to) => bytes.leave?.(from, to));
  if (packed && wanted) {
    // Whether the stream ends as it should shows at its end.
    while (!(await bytes.read()).done);
    await bytes.flush();
    postMessage(null);
  }
  return [new Uint8Array(await whole), Uint32Array.from(lengths), digests];
}

// Lengths and digests of the regular files of a tar archive. Of a recovered one the bytes behind the first are left out.
async function members(bytes, keep, leave) {
  const lengths = [];
  const digests = [];
  let batch = [];
  let [size, before] = [0, undefined];
  for (;;) {
    const head = await bytes.take(BLOCK);
    if (head.every((byte) => byte === 0)) break;
    const text = (from, to) => String.fromCharCode(...head.subarray(from, to));
    const octal = text(124, 136).replace(/[\0 ]+$/, "");
    if (text(257, 262) !== "ustar" || !/^[0-7]{1,11}$/.test(octal)) throw new TypeError("not tar");
    const length = parseInt(octal, 8);
    if (length > LARGEST) throw new RangeError("too large");
    // An ordinary file; anything else stands between the files.
    const ordinary = head[156] === 0x30 || head[156] === 0;
    const recovered = ordinary && /^(\.\/)?(executable|file)\//.test(text(0, 100));
    const at = bytes.passed;
    if (recovered && length > keep) leave(at + keep, at + length);
    // From here on the head is gone.
    const data = await bytes.take(length);
    if (ordinary) {
      lengths.push(length);
      // It takes its own copy at once, so what is in the window may change.
      batch.push(digest(data));
      size += length;
    }
    await bytes.take((BLOCK - (length % BLOCK)) % BLOCK);
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

// The bytes that a gzip file holds. Where they are wanted, each is handed to the page once the next are asked for.
class Unpacked {
  constructor(file, wanted) {
    this.wanted = wanted;
    this.packed = 0;
    const count = new TransformStream({
      transform: (chunk, out) => {
        this.packed += chunk.length;
        out.enqueue(chunk);
      },
    });
    this.reader = file.stream().pipeThrough(count).pipeThrough(new DecompressionStream("gzip")).getReader();
    // What goes into the next parcel, how many bytes that is, and how far file and archive were when the last one went.
    this.parts = [];
    this.size = 0;
    this.told = [0, 0];
    // What was read last, where in the archive it begins, and what is not to be handed over.
    this.last = undefined;
    this.from = 0;
    this.gaps = [];
  }

  async read() {
    this.take();
    const [packed, from] = this.told;
    if (this.size >= PARCEL || this.packed - packed >= TELL || this.from - from >= TELL_UNPACKED) await this.flush();
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
    postMessage([this.packed, ...this.parts], [...moved]);
    [this.parts, this.size, this.told] = [[], 0, [this.packed, this.from]];
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

  // The next bytes, which stay until more are asked for.
  async take(length) {
    while (this.to - this.from < length) {
      const { done, value } = await this.reader.read();
      if (done) throw new RangeError("cut");
      this.add(value, length);
    }
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
