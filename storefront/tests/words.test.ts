// @vitest-environment node
/** Every word that a shopper reads goes through `t()`, and has German ones. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import ts from "typescript";
import { describe, expect, it } from "vitest";
import { parse } from "vue/compiler-sfc";

import { german } from "@/words/german";

const SRC = fileURLToPath(new URL("../src/", import.meta.url));
/** Generated, or the words themselves. */
const NO_WORDS = ["api/schema.d.ts", "words/german.ts"];
/** Attributes and props that are read or read out. */
const READ = new Set(["alt", "aria-label", "hint", "label", "placeholder", "question", "text", "title"]);
/** Names, and what only developers read. */
const SAME_IN_BOTH = new Set(["English", "Deutsch", "Magpie", "YouTube", "Vimeo", ", PDF", "Problem", "NetworkFailure"]);
const NOT_WORDS = /^(?:[A-Z]{3} ?)+$|^system-ui, /;

/** What a file says past `t()`, through it, and through it in a way that no test can look up; "file: words". */
class Words {
  readonly plain: string[] = [];
  readonly keys: { file: string; words: string }[] = [];
  readonly computed: string[] = [];

  /** What looks like words and is none, or is the same in both languages, is left out. */
  say(file: string, words: string): void {
    const bare = words.trim().replace(/^["'`]|["'`]$/g, "");
    if (!SAME_IN_BOTH.has(bare) && !NOT_WORDS.test(bare)) this.plain.push(`${file}: ${bare.slice(0, 100)}`);
  }
}

const WORD = /\p{L}{2,}/u;
/** A sentence, or a word as it begins one; not an identifier, a class or a part of an address. Values are a 0. */
const SAID = /^[\s,]*\p{Lu}\p{Ll}+(?:[.…:]?$|:? 0)|\p{L}[\p{L}.,:;…']* \p{L}|0 \p{L}{2,}[.:]?$/u;

function readScript(found: Words, file: string, code: string, isRead: RegExp): void {
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);

  function keysOf(node: ts.Node): void {
    if (ts.isStringLiteralLike(node)) found.keys.push({ file, words: node.text });
    else if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach(keysOf);
    else if (ts.isParenthesizedExpression(node)) keysOf(node.expression);
    else found.computed.push(`${file}: ${node.getText(source)}`);
  }

  function visit(node: ts.Node): void {
    if (ts.isCallExpression(node) && node.expression.getText(source) === "t") {
      const [words, ...values] = node.arguments;
      if (words) keysOf(words);
      if (words && ts.isConditionalExpression(words)) visit(words.condition);
      return values.forEach(visit);
    }
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node) || isCompared(node)) return;
    if (ts.isStringLiteralLike(node) && isRead.test(node.text)) found.say(file, node.getText(source));
    if (ts.isTemplateExpression(node)) {
      const said = [node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join("0");
      if (isRead.test(said)) found.say(file, node.getText(source));
    }
    ts.forEachChild(node, visit);
  }
  ts.forEachChild(source, visit);
}

/** As in `status === "Paid"`. */
function isCompared({ parent }: ts.Node): boolean {
  const comparing = [ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken, ts.SyntaxKind.InKeyword];
  return ts.isBinaryExpression(parent) && comparing.includes(parent.operatorToken.kind);
}

/** The nodes of Vue's template syntax tree, as far as they are looked at here. */
type Node = {
  type: number;
  name?: string;
  content?: string | Node;
  value?: { content: string };
  arg?: { content: string };
  exp?: { content: string };
  props?: Node[];
  children?: Node[];
};
const [TEXT, INTERPOLATION, ATTRIBUTE, DIRECTIVE] = [2, 5, 6, 7];

function readTemplate(found: Words, file: string, node: Node): void {
  if (node.type === TEXT && WORD.test(String(node.content))) found.say(file, String(node.content));
  if (node.type === INTERPOLATION) readScript(found, file, `(${(node.content as Node).content as string})`, WORD);
  for (const prop of node.props ?? []) {
    if (prop.type === ATTRIBUTE && READ.has(prop.name ?? "") && WORD.test(prop.value?.content ?? "")) {
      found.say(file, prop.value?.content ?? "");
    }
    if (prop.type === DIRECTIVE && prop.exp) {
      readScript(found, file, `(${prop.exp.content})`, READ.has(prop.arg?.content ?? "") ? WORD : SAID);
    }
  }
  node.children?.forEach((child) => readTemplate(found, file, child));
}

function read(found: Words, file: string, text: string): void {
  if (file.endsWith(".ts")) return readScript(found, file, text, SAID);
  const { descriptor } = parse(text);
  if (descriptor.scriptSetup) readScript(found, file, descriptor.scriptSetup.content, SAID);
  if (descriptor.template?.ast) readTemplate(found, file, descriptor.template.ast as unknown as Node);
}

const all = new Words();
for (const file of readdirSync(SRC, { recursive: true, encoding: "utf8" }).sort()) {
  if (/\.(ts|vue)$/.test(file) && !NO_WORDS.includes(file)) read(all, file, readFileSync(SRC + file, "utf8"));
}

describe("the storefront's words", () => {
  it("have German ones for everything that is said in English", () => {
    expect(all.keys.filter(({ words }) => !(words in german)).map(({ file, words }) => `${file}: ${words}`)).toEqual([]);
  });

  it("are all used, so that none is translated for nothing", () => {
    const used = new Set(all.keys.map(({ words }) => words));
    expect(Object.keys(german).filter((words) => !used.has(words))).toEqual([]);
  });

  it("go to t() as they stand, where a test can find them", () => {
    expect(all.computed).toEqual([]);
  });

  it("are nowhere written past t()", () => {
    expect(all.plain).toEqual([]);
  });

  it("keep their blanks in German", () => {
    const blanks = (words: string) => (words.match(/\{\w+\}/g) ?? []).sort();
    for (const [english, deutsch] of Object.entries(german)) expect(blanks(deutsch), english).toEqual(blanks(english));
  });
});

describe("the search for words", () => {
  it("finds them in templates and in scripts, and nothing else there", () => {
    const found = new Words();
    read(
      found,
      "odd.vue",
      `<script setup>
        const words = { paid: "Paid", class: "is-paid", status: status === "Paid", sent: \`\${count} sent\` };
        const heading = t(isNew ? "New here" : \`Old \${thing}\`);
      </script>
      <template>
        <p class="some thing" :class="{ 'is-here': open }" title="Look" :aria-label="'of ' + count">
          Go on {{ busy ? "wait" : t("Done", { when: "now" }) }} {{ format(day) }} · 3
        </p>
      </template>`,
    );
    expect(found.plain).toEqual(["Paid", "${count} sent", "Look", "of ", "Go on", "wait", "now"].map((each) => `odd.vue: ${each}`));
    expect(found.keys.map(({ words }) => words)).toEqual(["New here", "Done"]);
    expect(found.computed).toEqual(["odd.vue: `Old ${thing}`"]);
  });
});
