"use strict";

const BLOCK = 512;
// More than this is left to the page, which reads a file in slices.
const LARGEST = 256 * 1024 * 1024;
// Bytes whose digests are waited for together.
const BATCH = 1024 * 1024;
// Bytes that are handed over together, and how many times that may wait on the other side.
const PARCEL = 256 * 1024;
const AHEAD = 8;

let room = 0;
let onroom;

onmessage = async ({ data }) => {
  if (!data) {
    // The page took a parcel.
    room++;
    onroom?.();
    return;
  }
  room = AHEAD;
  try {
    const all = await read(...data);
    postMessage(all, all.map((array) => array.buffer));
  } catch {
    postMessage([]);
  }
};

const digest = (bytes) => crypto.subtle.digest("SHA-256", bytes);

async function read(file, wanted) {
  if (file.size > LARGEST) throw new RangeError("too large");
  const whole = digest(await file.arrayBuffer());
  const magic = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const packed = magic[0] === 0x1f && magic[1] === 0x8b;
  const bytes = packed ? new Unpacked(file, wanted) : file.stream().getReader();
  // The page reads it by itself.
  if (!packed || !wanted) postMessage(null);
  const [lengths, digests] = await members(new Window(bytes));
  if (packed && wanted) {
    // Whether the stream ends as it should shows at its end.
    while (!(await bytes.read()).done);
    await bytes.flush();
    postMessage(null);
  }
  return [new Uint8Array(await whole), Uint32Array.from(lengths), digests];
}

// Lengths and digests of the regular files of a tar archive.
async function members(bytes) {
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
    const data = await bytes.take(length);
    // An ordinary file; anything else stands between the files.
    if (head[156] === 0x30 || head[156] === 0) {
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
    this.parcel = [];
    this.size = 0;
  }

  async read() {
    if (this.size >= PARCEL) await this.flush();
    const next = await this.reader.read();
    if (this.wanted && !next.done) {
      this.parcel.push(next.value);
      this.size += next.value.length;
    }
    return next;
  }

  async flush() {
    while (room === 0) await new Promise((resolve) => (onroom = resolve));
    room--;
    postMessage([this.packed, ...this.parcel], this.parcel.map((chunk) => chunk.buffer));
    [this.parcel, this.size] = [[], 0];
  }
}

// What was read and not yet taken.
class Window {
  constructor(reader) {
    this.reader = reader;
    this.bytes = new Uint8Array(2 * BATCH);
    this.from = this.to = 0;
  }

  // The next bytes, which stay until more are asked for.
  async take(length) {
    while (this.to - this.from < length) {
      const { done, value } = await this.reader.read();
      if (done) throw new RangeError("cut");
      this.add(value);
    }
    this.from += length;
    return this.bytes.subarray(this.from - length, this.from);
  }

  add(more) {
    if (this.to + more.length > this.bytes.length) {
      const left = this.bytes.subarray(this.from, this.to);
      const needed = left.length + more.length;
      const into = needed > this.bytes.length ? new Uint8Array(2 * needed) : this.bytes;
      into.set(left);
      [this.bytes, this.from, this.to] = [into, 0, left.length];
    }
    this.bytes.set(more, this.to);
    this.to += more.length;
  }
}
