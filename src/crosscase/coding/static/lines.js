// Lines of a text. Python counts code points, JavaScript counts halves of them beyond the basic plane: both meet here.
const WIDE = /[\ud800-\udbff][\udc00-\udfff]/;
const SPEAKER = /^\s*([\p{L}][\p{L}\p{N} .'’()_-]{0,40}):(?=\s|$)/u;

const linesOf = (text) => {
  let start = 0;
  return text.split("\n").map((content) => {
    const wide = WIDE.test(content);
    const length = wide ? [...content].length : content.length;
    const said = SPEAKER.exec(content);
    const line = { text: content, start, length, wide, who: said ? said[0].length : 0 };
    start += length + 1;
    return line;
  });
};

// Number of the line that holds an offset.
const lineAt = (lines, offset) => {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lines[middle].start <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
};

const toPoints = (line, index) => (line.wide ? [...line.text.slice(0, index)].length : index);
const toIndex = (line, points) => (line.wide ? [...line.text].slice(0, points).join("").length : points);

// The words of a text between two offsets, without white space around them.
const trimmed = (lines, start, end) => {
  const words = textOf(lines, start, end);
  const points = [...words];
  let first = 0;
  let last = points.length;
  while (first < last && /\s/.test(points[first])) first++;
  while (last > first && /\s/.test(points[last - 1])) last--;
  return [start + first, start + last];
};

const textOf = (lines, start, end) => {
  const parts = [];
  for (let at = lineAt(lines, start); at < lines.length && lines[at].start < end; at++) {
    const line = lines[at];
    const from = toIndex(line, Math.max(0, start - line.start));
    parts.push(line.text.slice(from, toIndex(line, Math.min(line.length, end - line.start))));
  }
  return parts.join("\n");
};

// Pieces of one line: between two borders the same codings lie on every letter.
const piecesOf = (line, codings) => {
  const borders = new Set([0, line.length]);
  if (line.who) borders.add(toPoints(line, line.who));
  const here = [];
  for (const coding of codings) {
    const from = Math.max(0, coding.start - line.start);
    const to = Math.min(line.length, coding.end - line.start);
    if (from >= to) continue;
    here.push([from, to, coding]);
    borders.add(from).add(to);
  }
  const places = [...borders].sort((a, b) => a - b);
  return places.slice(0, -1).map((from, n) => ({
    from,
    to: places[n + 1],
    who: line.who > 0 && places[n + 1] <= toPoints(line, line.who),
    codings: here.filter(([a, b]) => a <= from && places[n + 1] <= b).map((each) => each[2]),
  }));
};

// Which codings lie on which line: line -> codings, and for each coding the lane of its bar beside the text.
const laid = (lines, codings) => {
  const on = new Map();
  const lanes = new Map();
  const free = [];
  const sorted = [...codings].sort((a, b) => a.start - b.start || b.end - a.end);
  for (const coding of sorted) {
    const first = lineAt(lines, coding.start);
    const last = lineAt(lines, Math.max(coding.start, coding.end - 1));
    let lane = free.findIndex((until) => until < first);
    if (lane < 0) lane = free.push(-1) - 1;
    free[lane] = last;
    lanes.set(coding.coding_id, lane);
    for (let at = first; at <= last; at++) {
      if (!on.has(at)) on.set(at, []);
      on.get(at).push(coding);
    }
  }
  return { on, lanes };
};

const sentenceAt = (line, index) => {
  const ends = [...line.text.matchAll(/[.!?…]+["'’”»)\]]*(?=\s|$)/g)].map((found) => found.index + found[0].length);
  const start = Math.max(line.who, ...ends.filter((end) => end <= index && end < line.text.length), 0);
  return [start, ends.find((end) => end > index) || line.text.length];
};

const wordAt = (line, index) => {
  const found = [...line.text.matchAll(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu)].find(
    (each) => each.index <= index && index <= each.index + each[0].length,
  );
  return found ? [found.index, found.index + found[0].length] : null;
};
