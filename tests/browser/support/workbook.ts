//! A spreadsheet made from text, so that a test shows what it imports.

import { crc32 } from "node:zlib";

/** An XLSX file of sheets whose rows are lines and whose cells stand between bars. */
export function workbook(sheets: Record<string, string>): Buffer {
  const names = Object.keys(sheets);
  const office = "http://schemas.openxmlformats.org";
  const main = `xmlns="${office}/spreadsheetml/2006/main"`;
  const related = `${office}/officeDocument/2006/relationships`;
  const type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const tab = (name: string, at: number) =>
    `<sheet name="${name}" sheetId="${at + 1}" r:id="r${at + 1}"/>`;
  const relation = (_: string, at: number) =>
    `<Relationship Id="r${at + 1}" Type="${related}/worksheet" Target="worksheets/${at + 1}.xml"/>`;
  const override = (_: string, at: number) =>
    `<Override PartName="/xl/worksheets/${at + 1}.xml" ContentType="${type}.worksheet+xml"/>`;
  const each = (part: (name: string, at: number) => string) => names.map(part).join("");
  const package_ = `xmlns="${office}/package/2006`;
  return zip({
    "[Content_Types].xml": `<Types ${package_}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/>${each(override)}</Types>`,
    "_rels/.rels": `<Relationships ${package_}/relationships"><Relationship Id="r1" Type="${related}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `<workbook ${main} xmlns:r="${related}"><sheets>${each(tab)}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `<Relationships ${package_}/relationships">${each(relation)}</Relationships>`,
    ...Object.fromEntries(
      Object.values(sheets).map((text, at) => [
        `xl/worksheets/${at + 1}.xml`,
        `<worksheet ${main}><sheetData>${rows(text)}</sheetData></worksheet>`,
      ]),
    ),
  });
}

function rows(text: string): string {
  const lines = text.trim().split("\n");
  const cell = (value: string) => `<c t="inlineStr"><is><t>${value.trim()}</t></is></c>`;
  return lines.map(line => `<row>${line.split("|").map(cell).join("")}</row>`).join("");
}

/** A ZIP file whose parts are stored as they are. */
function zip(parts: Record<string, string>): Buffer {
  const bodies: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(parts)) {
    const [path, body] = [Buffer.from(name), Buffer.from(text)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(body), 10);
    common.writeUInt32LE(body.length, 14);
    common.writeUInt32LE(body.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, path, body]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    entries.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\0"), common, place, path]));
    bodies.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, list, end]);
}
