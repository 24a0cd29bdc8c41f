/** Choosing a district, and the data of the open one. This file is the list of districts, for technicians. */
import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { ProblemNotice } from '../shell/problem-notice.tsx';
import { ScreenTitle } from '../shell/screen-title.tsx';
import { districtsQuery } from './district-query.ts';

export function DistrictsScreen() {
  const { data, error, refetch } = useQuery(districtsQuery);
  return (
    <div className="screen">
      <ScreenTitle name="Districts">Districts</ScreenTitle>
      {error && data === undefined && (
        <ProblemNotice
          title="Couldn’t load the districts"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {data === undefined && error === null && <output>Loading …</output>}
      {data?.districts.length === 0 && <p>No districts yet.</p>}
      {data !== undefined && data.districts.length > 0 && (
        <Table className="plain-table" verticalSpacing="sm" horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>E-mail domain</Table.Th>
              <Table.Th data-minor>Time zone</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.districts.map(({ name, domain, timeZone }) => (
              <Table.Tr key={domain}>
                <Table.Td>
                  <Link to="/a/$domain/students" params={{ domain }}>
                    {name}
                  </Link>
                </Table.Td>
                <Table.Td>{domain}</Table.Td>
                <Table.Td data-minor>{timeZone}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </div>
  );
}
