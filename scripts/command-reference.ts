/** Writes down the `daybreak` command for docs/commands.md, from the commands themselves. */
import type { Command, Option } from 'commander';
import { format } from 'prettier';

const introduction = `# Commands

This page is made from the commands themselves: \`npm run docs\` writes it, and a test fails when it is out of date. The settings that commands read from the environment stand in [settings.md](settings.md), the codes of their errors in [errors.md](errors.md).

In a clone of the project, \`daybreak …\` is \`npm run -s daybreak -- …\`. Results go to standard output; what is said along the way, and every error, goes to standard error. The exit status is 0 when all went well and 1 when something did not.`;

/** Gives the page as Markdown, every command in the order of \`--help\`. */
export async function commandReference(program: Command): Promise<string> {
  const sections = program.commands.flatMap((command) => sectionsOf(command, program.name()));
  return format([introduction, ...sections].join('\n\n'), { parser: 'markdown' });
}

/** A command that only groups others gives way to those. */
function sectionsOf(command: Command, parent: string): string[] {
  const name = `${parent} ${command.name()}`;
  if (command.commands.length > 0) return command.commands.flatMap((one) => sectionsOf(one, name));
  const options = command.options.filter((option) => !option.hidden);
  const needed = options
    .filter((option) => option.mandatory && option.defaultValue === undefined)
    .map((option) => ` ${option.flags}`);
  const rows = options.map((option) => `| ${cellsOf(option).join(' | ')} |`);
  const description = command.description() || `${capitalized(command.summary())}.`;
  return [
    `## ${name}`,
    description,
    `\`\`\`\n${name}${needed.join('')}${needed.length < options.length ? ' [options]' : ''}\n\`\`\``,
    ...(rows.length === 0
      ? []
      : [['| option | meaning | default |', '| --- | --- | --- |', ...rows].join('\n')]),
  ];
}

function cellsOf(option: Option): string[] {
  const isNeeded = option.mandatory && option.defaultValue === undefined;
  const isOff = option.defaultValue === undefined || option.defaultValue === false;
  const preset = isNeeded ? 'required' : isOff ? '' : `\`${String(option.defaultValue)}\``;
  return [`\`${option.flags}\``, escaped(option.description), preset];
}

const escaped = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '\\<');

const capitalized = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
