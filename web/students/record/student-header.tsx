/** The head of a student's page, which stays in sight: who it is, the status, safety flags, and what can be done. */
import { Button, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';

import { formatDay } from '../../../src/contract/day-format.ts';
import { writingRoles } from '../../../src/contract/endpoint.ts';
import type { Student } from '../../../src/contract/students/students.ts';
import { sessionQuery } from '../../accounts/session-query.ts';
import { useDistrict, useDomain } from '../../districts/district-query.ts';
import { formsQuery } from '../../documents/document-queries.ts';
import { useCreation } from '../../documents/new-document.ts';
import { ageOn } from '../../shell/dates.ts';
import { ChevronIcon, LockIcon, WarningIcon } from '../../shell/icons.tsx';
import { useNotice } from '../../shell/notices.tsx';
import { ScreenTitle } from '../../shell/screen-title.tsx';
import { MyStudentButton } from '../list/my-student-button.tsx';
import { ManualStudentActions } from '../manual/student-actions.tsx';
import { fullName, gradeName } from '../person-name.ts';
import { staffValuesQuery } from './record-queries.ts';
import { isRestrictionUnknown } from './guardian-list.tsx';
import { StatusReason } from './status-facts.tsx';

export function StudentHeader({ student }: { readonly student: Student }) {
  return (
    <div className="student-header">
      <div className="student-head">
        <div className="student-name">
          <ScreenTitle name={fullName(student.name)}>{fullName(student.name)}</ScreenTitle>
          <Pronouns student={student} />
          <SafetyFlags student={student} />
        </div>
        <div className="student-actions">
          <NewDocumentMenu studentId={student.id} />
          <Button variant="default" size="xs" data-wide-only onClick={() => globalThis.print()}>
            Print
          </Button>
          <MyStudentButton studentId={student.id} />
          <ManualStudentActions student={student} />
        </div>
      </div>
      <div className="student-facts">
        <StudentPlace student={student} />
        <StudentStatus student={student} />
      </div>
    </div>
  );
}

/** Pronouns as saved, or as just entered on the Details tab. */
function Pronouns({ student }: { readonly student: Student }) {
  const domain = useDomain();
  const entered = useQuery({ ...staffValuesQuery(domain, `${student.id}`), enabled: false });
  const own = entered.data?.values.find(({ field }) => field === 'pronouns');
  const pronouns = own === undefined ? student.pronouns : own.value;
  return pronouns !== null && pronouns !== '' && <span className="quiet">{pronouns}</span>;
}

/** What must not be overlooked; all of it is on Details. */
function SafetyFlags({ student }: { readonly student: Student }) {
  const { guardians, phones, missingSince } = student;
  const restricted = guardians.filter((guardian) => guardian.hasRestrictedAccess === true);
  const isConfidential = [student, ...guardians].some((person) =>
    person.phones.some((phone) => phone.isConfidential),
  );
  return (
    <span className="student-flags">
      {(restricted.length > 0 || isRestrictionUnknown(student)) && (
        <span className="flag" data-tone="danger">
          <WarningIcon />
          {restricted.length > 1
            ? `${restricted.length} restricted guardians`
            : restricted.length === 1
              ? 'Restricted guardian'
              : 'Restricted access unknown'}
        </span>
      )}
      {isConfidential && (
        <span className="flag" data-tone="warning">
          <LockIcon />
          {phones.some((phone) => phone.isConfidential)
            ? 'Confidential phone'
            : 'Confidential phone of a guardian'}
        </span>
      )}
      {missingSince !== null && (
        <span className="flag" data-tone="warning">
          Not in Skyward since {formatDay(missingSince.importDate)}
        </span>
      )}
    </span>
  );
}

function StudentPlace({ student }: { readonly student: Student }) {
  const { placement, birthDate, studentNumber, name, legalName } = student;
  const { today } = useDistrict();
  const place = [
    placement.grade && gradeName(placement.grade),
    placement.schoolName ?? placement.entityName,
    birthDate && `Date of birth ${formatDay(birthDate)} (age ${ageOn(today, birthDate)})`,
    studentNumber && `Student ID ${studentNumber}`,
    legalName.first !== null &&
      fullName(legalName) !== fullName(name) &&
      `Legal name ${fullName(legalName)}`,
  ];
  return <p className="student-place">{place.filter(Boolean).join(' · ')}</p>;
}

function StudentStatus({ student: { id, status } }: { readonly student: Student }) {
  const domain = useDomain();
  return (
    <p className="student-status">
      <span className="status-dot" data-status={status.value} />
      <span>
        <StatusReason status={status} />{' '}
        {status.onHold === null ? status.change : <strong>{status.onHold}</strong>}{' '}
        {status.staleNote}{' '}
        {status.rule !== null && (
          <Link
            to="/a/$domain/students/$studentId/enrollment"
            params={{ domain, studentId: `${id}` }}
            replace
            className="quiet-link"
          >
            Other dates
          </Link>
        )}
      </span>
    </p>
  );
}

/** The forms by special program; choosing one creates the document and opens it. */
function NewDocumentMenu({ studentId }: { readonly studentId: number }) {
  const domain = useDomain();
  const { data: session } = useQuery(sessionQuery);
  const creation = useCreation(domain);
  const mayWrite = writingRoles.some((role) => role === session?.account.role);
  const { data, error } = useQuery({ ...formsQuery(domain), enabled: mayWrite });
  const notify = useNotice();
  if (!mayWrite) return null;
  const create = (form: string) =>
    creation.mutate(
      { form, student: studentId },
      {
        onError: (failed) =>
          notify({ tone: 'problem', message: `Couldn’t create the document. ${failed.message}` }),
      },
    );
  const groups = Map.groupBy(data?.forms ?? [], ({ group }) => group);
  return (
    <Menu
      position="bottom-end"
      shadow="md"
      transitionProps={{ duration: 0 }}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <Button size="xs" loading={creation.isPending} rightSection={<ChevronIcon />}>
          New document
        </Button>
      </Menu.Target>
      <Menu.Dropdown className="new-document-menu">
        {data === undefined && (
          <Menu.Label>{error === null ? 'Loading forms …' : 'Couldn’t load the forms.'}</Menu.Label>
        )}
        {[...groups].map(([group, forms]) => (
          <Fragment key={group}>
            <Menu.Label>{group}</Menu.Label>
            {forms.map(({ key, title }) => (
              <Menu.Item key={key} onClick={() => create(key)}>
                {title}
              </Menu.Item>
            ))}
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
