/** Renders docs/commands.md from the `daybreak` commands themselves. */
import type { Argument, Command, Option } from 'commander';
import { format } from 'prettier';

const introduction = `# Commands

This page is generated from the commands: \`npm run docs\` writes it, and a test fails if it is out of date. [settings.md](settings.md) lists the environment variables that commands read, [errors.md](errors.md) their error codes.

In a clone of the project, \`daybreak …\` is \`npm run -s daybreak -- …\`. Results go to standard output; progress and errors go to standard error. The exit status is 0 on success and 1 on failure.`;

/** Returns the page as Markdown, with the commands in the order of `--help`. */
export async function commandReference(program: Command): Promise<string> {
  const sections = program.commands.flatMap((command) => listSections(command, program.name()));
  return format([introduction, ...sections].join('\n\n'), { parser: 'markdown' });
}

/** Returns the sections of a command, or those of its subcommands if it has any. */
function listSections(command: Command, parent: string): string[] {
  const name = `${parent} ${command.name()}`;
  if (command.commands.length > 0)
    return command.commands.flatMap((one) => listSections(one, name));
  const options = command.options.filter((option) => !option.hidden);
  const required = options
    .filter((option) => option.mandatory && option.defaultValue === undefined)
    .map((option) => option.flags);
  const usage = [
    name,
    ...command.registeredArguments.map(toUsage),
    ...required,
    ...(required.length < options.length ? ['[options]'] : []),
  ].join(' ');
  const rows = options.map((option) => `| ${toCells(option).join(' | ')} |`);
  const description = command.description() || `${capitalized(command.summary())}.`;
  return [
    `## ${name}`,
    description,
    `\`\`\`\n${usage}\n\`\`\``,
    ...(rows.length === 0
      ? []
      : [['| option | meaning | default |', '| --- | --- | --- |', ...rows].join('\n')]),
  ];
}

const toUsage = (argument: Argument) =>
  argument.required ? `<${argument.name()}>` : `[${argument.name()}]`;

function toCells(option: Option): string[] {
  const isRequired = option.mandatory && option.defaultValue === undefined;
  const isOff = option.defaultValue === undefined || option.defaultValue === false;
  const preset = isRequired ? 'required' : isOff ? '' : `\`${String(option.defaultValue)}\``;
  return [`\`${option.flags}\``, escaped(option.description), preset];
}

const escaped = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '\\<');

const capitalized = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
