/** `daybreak district`: add, change and list districts. */
import { Command, InvalidArgumentError } from 'commander';

export function districtCommand(): Command {
  const command = new Command('district').summary('add, change and list districts');
  command.addCommand(
    withDomain(new Command('add'))
      .summary('add a district')
      .description(
        'Adds a district. With `--base-url` and `--key` it is connected: give the client secret on standard input. Without them, it is connected later by a request for activation, or with `daybreak district set`.',
      )
      .option('--base-url <url>', 'API base URL of its Skyward, usually ending in API')
      .option('--key <key>', 'client key: the Key of the Integration Access')
      .requiredOption('--name <name>', "the district's name")
      .requiredOption('--timezone <zone>', 'its time zone, such as America/Chicago')
      .action(async (options) => {
        const { addDistrictCommand } = await import('./district.ts');
        await addDistrictCommand(options);
      }),
  );
  command.addCommand(
    withDomain(new Command('set'))
      .requiredOption('--base-url <url>', 'API base URL of its Skyward, usually ending in API')
      .requiredOption('--key <key>', 'client key: the Key of the Integration Access')
      .summary("replace a district's connection")
      .description("Replaces a district's connection. Give the client secret on standard input.")
      .action(async (options) => {
        const { setDistrictCommand } = await import('./district.ts');
        await setDistrictCommand(options);
      }),
  );
  command.addCommand(
    new Command('list')
      .summary('list the districts')
      .option('--json', 'one line of JSON for each district', false)
      .action(async (options) => {
        const { listDistrictsCommand } = await import('./district.ts');
        await listDistrictsCommand(options);
      }),
  );
  return command;
}

/** Adds the options that name a district and describe how to reach its Skyward. */
const withDomain = (one: Command): Command =>
  one
    .requiredOption('--domain <domain>', "the district's e-mail domain, such as demo.example")
    .option('--entity-id <id>', "the district's entity, if Skyward serves several", parseEntity)
    .option(
      '--integration-token <name>',
      "which of the vendor's integration tokens to send, such as washington; without it, the default one",
    )
    .option(
      '--allow-private-address',
      'allow a loopback or private address, over plain http too',
      false,
    );

function parseEntity(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('An entity ID is a whole number.');
}
