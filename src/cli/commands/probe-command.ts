/** `daybreak probe`. */
import { Command } from 'commander';

export function probeCommand(): Command {
  return new Command('probe')
    .summary("report a Skyward's API variants and permissions")
    .description(
      "Finds out which of the known API variants a district's Skyward uses and which permissions the integration access has, in at most 60 requests and 3 minutes. Read-only. The report contains names of objects, fields and variants, but no personal data. The exit status is 1 when something an import needs is missing.",
    )
    .requiredOption('--district <domain>', 'the district')
    .option('--json', 'the report as JSON', false)
    .option('--output <file>', 'also write the report to this file, as JSON')
    .action(async (options) => {
      const { probeDistrict } = await import('./probe.ts');
      await probeDistrict(options);
    });
}
