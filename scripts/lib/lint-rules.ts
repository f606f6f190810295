/** Lint rules of this house: the direction of imports, and the one owner of each table. */
import { isAbsolute, relative, sep } from 'node:path';
import type { Rule } from 'eslint';
import { findBan, isNoRoom, resolveImport } from './house.ts';
import { root } from './root.ts';

function pathOf(context: Rule.RuleContext): string {
  const path = context.filename;
  return (isAbsolute(path) ? relative(root, path) : path).split(sep).join('/');
}

type Node = Rule.Node;
type TypedImport = Extract<Node, { type: 'ImportDeclaration' }> & { importKind?: 'type' | 'value' };

const direction: Rule.RuleModule = {
  meta: { type: 'problem', docs: { description: 'imports follow the floors of the house' }, schema: [] },
  create(context) {
    const from = pathOf(context);
    const check = (node: Node, source: unknown, isType: boolean): void => {
      if (typeof source !== 'string') return;
      const why = findBan({ from, to: resolveImport(from, source), isType });
      if (why) context.report({ node, message: `${source}: ${why}` });
    };
    return {
      Program(node) {
        if (isNoRoom(from)) context.report({ node, message: 'This folder is on no floor of the house: name its floor in scripts/lib/house.ts, or move the file into its room.' });
      },
      ImportDeclaration: (node) => check(node, node.source.value, (node as TypedImport).importKind === 'type'),
      ImportExpression: (node: Extract<Node, { type: 'ImportExpression' }>) => check(node, node.source.type === 'Literal' ? node.source.value : null, false),
      TSImportType: (node: Node & { source?: { value?: unknown } }) => check(node, node.source?.value, true),
    };
  },
};

const tableOwner: Rule.RuleModule = {
  meta: { type: 'problem', docs: { description: 'a table is written by the room that owns it' }, schema: [] },
  create(context) {
    // A room, or a room within it that has tables of its own: `rounds` and `rounds/awards`.
    const [, room, inner] = /^server\/src\/([^/]+)\/(?:([^/]+)\/)?/.exec(pathOf(context)) ?? [];
    const owners = new Map<string, string>();
    return {
      ImportDeclaration(node) {
        const owner = /^@commonpot\/db\/(.+)$/.exec(String(node.source.value))?.[1];
        if (!owner || owner === 'client') return;
        for (const each of node.specifiers) owners.set(each.local.name, owner);
      },
      CallExpression(node) {
        const { callee } = node;
        const table = node.arguments[0];
        if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier' || table?.type !== 'Identifier') return;
        const owner = owners.get(table.name);
        if (!room || !owner || owner === room || owner === inner || !['insert', 'update', 'delete'].includes(callee.property.name)) return;
        context.report({ node, message: `The table ${table.name} belongs to ${owner}, the only room that writes it: call a function of ${owner} instead.` });
      },
    };
  },
};

export const houseRules = { rules: { direction, 'table-owner': tableOwner } };
