// The picture of a share card. It leaves the app, so it looks the same in every theme: its colours are those of the
// icon of Kẻng and stand here.

const SIDE = 1080;
const EDGE = 72;
/** Between two figures. */
const GAP = 52;
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif';
const COLOUR = { ground: "#0d4f52", deep: "#083b3d", paper: "#fffdf9", soft: "#cfe3e1", gold: "#f0c987", bronze: "#c8893a", dark: "#6b4310" };

/** Draws what `json` says (`{ title, about, when, place, figures: [{ value, name }], way, footer }`) and gives a PNG's bytes. */
export async function draw(json) {
  const card = JSON.parse(json);
  const canvas = document.createElement("canvas");
  canvas.width = SIDE;
  canvas.height = SIDE;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no canvas");
  ground(pen);
  gong(pen, EDGE + 44, EDGE + 40, 44);
  words(pen, "Kẻng", EDGE + 112, EDGE + 58, { size: 52, weight: 700, colour: COLOUR.gold });
  let y = EDGE + 190;
  y = block(pen, card.title, y, { size: 76, weight: 700, colour: COLOUR.paper, lines: 2 });
  if (card.about) y = block(pen, card.about, y, { size: 40, weight: 500, colour: COLOUR.gold, lines: 2 });
  y = block(pen, card.place, y + 24, { size: 46, weight: 600, colour: COLOUR.paper, lines: 2 });
  y = block(pen, card.when, y, { size: 40, weight: 400, colour: COLOUR.soft, lines: 2 });
  const foot = SIDE - EDGE - 36;
  const figures = foot - 96;
  numbers(pen, card.figures, figures);
  const top = y - 16;
  const room = figures - 120 - top;
  if (card.way.length && room >= 160) way(pen, card.way, (SIDE - room) / 2, top, room);
  else rings(pen, SIDE - EDGE - 130, figures - 250);
  words(pen, card.footer, EDGE, SIDE - EDGE, { size: 30, weight: 400, colour: COLOUR.soft });
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  if (!blob) throw new Error("the picture could not be encoded");
  return new Uint8Array(await blob.arrayBuffer());
}

function ground(pen) {
  const shade = pen.createLinearGradient(0, 0, 0, SIDE);
  shade.addColorStop(0, COLOUR.ground);
  shade.addColorStop(1, COLOUR.deep);
  pen.fillStyle = shade;
  pen.fillRect(0, 0, SIDE, SIDE);
  pen.fillStyle = COLOUR.bronze;
  pen.fillRect(0, 0, SIDE, 14);
}

function gong(pen, x, y, radius) {
  for (const [part, fill] of [[1, COLOUR.bronze], [0.72, COLOUR.bronze], [0.3, COLOUR.gold]]) {
    pen.beginPath();
    pen.arc(x, y, radius * part, 0, 2 * Math.PI);
    pen.fillStyle = fill;
    pen.fill();
    pen.lineWidth = 4;
    pen.strokeStyle = COLOUR.dark;
    pen.stroke();
  }
}

/** The sound of a gong, where no way is drawn. */
function rings(pen, x, y) {
  pen.strokeStyle = COLOUR.bronze;
  for (const [radius, strength, width] of [[22, 0.9, 10], [64, 0.6, 8], [108, 0.4, 6], [154, 0.25, 5]]) {
    pen.globalAlpha = strength;
    pen.lineWidth = width;
    pen.beginPath();
    pen.arc(x, y, radius, 0, 2 * Math.PI);
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

function words(pen, text, x, y, { size, weight, colour }) {
  pen.font = `${weight} ${size}px ${FONT}`;
  pen.fillStyle = colour;
  pen.fillText(text, x, y);
}

/** Words over the whole width in at most so many lines; gives where the next may begin. */
function block(pen, text, y, look) {
  pen.font = `${look.weight} ${look.size}px ${FONT}`;
  const width = SIDE - 2 * EDGE;
  const lines = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line ? `${line} ${word}` : word;
    if (line && pen.measureText(longer).width > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  lines.push(line);
  if (lines.length > look.lines) lines[look.lines - 1] += "…";
  for (const part of lines.slice(0, look.lines)) {
    words(pen, part, EDGE, y, look);
    y += look.size * 1.28;
  }
  return y;
}

/** The counts side by side, each over its name. */
function numbers(pen, figures, y) {
  if (!figures.length) return;
  const width = (SIDE - 2 * EDGE + GAP) / Math.max(figures.length, 3);
  pen.fillStyle = COLOUR.bronze;
  pen.fillRect(EDGE, y - 84, SIDE - 2 * EDGE, 2);
  figures.forEach(({ value, name }, index) => {
    const x = EDGE + index * width;
    if (index) {
      pen.fillStyle = COLOUR.bronze;
      pen.fillRect(x - GAP / 2, y - 50, 2, 100);
    }
    fit(pen, value, x, y, width - GAP, { size: 60, weight: 700, colour: COLOUR.gold });
    fit(pen, name, x, y + 44, width - GAP, { size: 32, weight: 400, colour: COLOUR.soft });
  });
}

/** Words that get smaller until they fit. */
function fit(pen, text, x, y, width, look) {
  pen.font = `${look.weight} ${look.size}px ${FONT}`;
  const size = Math.min(look.size, (look.size * width) / Math.max(1, pen.measureText(text).width));
  words(pen, text, x, y, { ...look, size: Math.floor(size) });
}

/** The way in a square of this side. */
function way(pen, lines, x, y, side) {
  pen.lineCap = "round";
  pen.lineJoin = "round";
  const inner = side - 32;
  for (const [width, colour] of [[10, COLOUR.dark], [5, COLOUR.gold]]) {
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    for (const line of lines) {
      pen.beginPath();
      for (const [across, down] of line) pen.lineTo(x + 16 + across * inner, y + 16 + down * inner);
      pen.stroke();
    }
  }
}
