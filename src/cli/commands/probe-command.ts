/** `daybreak probe`. */
import { Command } from 'commander';

export function probeCommand(): Command {
  return new Command('probe')
    .summary('find out how a Skyward speaks and what it grants, and write a report')
    .description(
      "Asks a district's Skyward in which of the known forms it answers and what the access was granted, in at most 60 requests and 3 minutes. Reads only. The report names objects, fields and forms, and no value of any person. The exit status is 1 when an import would lack something that it needs.",
    )
    .requiredOption('--district <domain>', 'the district')
    .option('--json', 'the report as JSON', false)
    .option('--output <file>', 'also write the report to this file, as JSON')
    .action(async (options) => {
      const { probeDistrict } = await import('./probe.ts');
      await probeDistrict(options);
    });
}
