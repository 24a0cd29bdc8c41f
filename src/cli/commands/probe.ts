/** The work of `daybreak probe`. */
import { writeFile } from 'node:fs/promises';
import { getConnection, getDistrict } from '../../districts/district.ts';
import { neededObjects } from '../../qmlativ/objects/needed-objects.ts';
import { probeReportText } from '../../qmlativ/probe/probe-report-text.ts';
import { probeReport } from '../../qmlativ/probe/probe-report.ts';
import { probe } from '../../qmlativ/probe/probe.ts';
import { integrationTokenFor } from '../../qmlativ/vendor-identity.ts';
import { print, printMessage, withCommandContext } from '../command-context.ts';
import { readSealingKey } from '../settings.ts';

interface ProbeOptions {
  readonly district: string;
  readonly json: boolean;
  readonly output?: string;
}

export async function probeDistrict(options: ProbeOptions): Promise<void> {
  await withCommandContext(async ({ database, settings, signal }) => {
    const district = await getDistrict(database.pool, options.district);
    const key = await readSealingKey(settings, process.env);
    const connection = await getConnection(database.pool, district, key);
    printMessage('Sending requests to Skyward; this takes up to three minutes.');
    const outcome = await probe({
      baseUrl: connection.baseUrl,
      clientKey: connection.clientKey,
      clientSecret: connection.clientSecret,
      integrationToken: integrationTokenFor(settings.vendor, connection),
      userAgent: settings.vendor.userAgent,
      allowPrivateAddresses: connection.allowPrivateAddress,
      entityId: connection.entityId,
      signal,
    });
    const report = probeReport(outcome, neededObjects(), Temporal.Now.instant());
    const json = JSON.stringify(report, null, 2);
    print(options.json ? json : probeReportText(report));
    if (options.output !== undefined) {
      await writeFile(options.output, `${json}\n`);
      printMessage(`Wrote the report to ${options.output}.`);
    }
    if (report.stop !== null || report.needs.some(({ isRequired }) => isRequired))
      process.exitCode = 1;
  });
}
