/** The built-in forms, in our own words; a district can copy and change them. */
import type { FormField, FormTemplate } from '../contract/documents/form-template.ts';

const boundField = (key: string, label: string, binding: string): FormField => ({
  kind: 'text',
  key,
  label,
  binding,
});
const textField = (key: string, label: string, lines = 4, help?: string): FormField => ({
  kind: 'text',
  key,
  label,
  lines,
  ...(help !== undefined && { help }),
});
const dateField = (key: string, label: string, isRequired = false): FormField => ({
  kind: 'date',
  key,
  label,
  ...(isRequired && { isRequired }),
});
const choiceField = (key: string, label: string, options: string[]): FormField => ({
  kind: 'choice',
  key,
  label,
  options,
});
const yesNoField = (key: string, label: string): FormField => ({ kind: 'yes-no', key, label });
const signatureField = (key: string, label: string): FormField => ({
  kind: 'signature',
  key,
  label,
});

const birthDate: FormField = {
  kind: 'date',
  key: 'birthDate',
  label: 'Date of birth',
  binding: 'student.birthDate',
  isRequired: true,
};
const gender: FormField = {
  kind: 'choice',
  key: 'gender',
  label: 'Gender',
  binding: 'student.gender',
  options: ['Male', 'Female', 'Non-binary', 'Other'],
};
const writtenOn: FormField = { kind: 'date', key: 'writtenOn', label: 'Date', binding: 'today' };
const name: FormField = {
  kind: 'text',
  key: 'name',
  label: 'Student',
  binding: 'student.legalName',
  isRequired: true,
};
const number = boundField('number', 'Student number', 'student.number');
const grade = boundField('grade', 'Grade', 'student.grade');
const school = boundField('school', 'School', 'school.name');

const shortStudent = { title: 'Student', fields: [name, birthDate, number, grade, school] };
const fullStudent = {
  title: 'Student',
  fields: [
    name,
    boundField('calledName', 'Preferred name', 'student.name'),
    birthDate,
    boundField('age', 'Age', 'student.age'),
    gender,
    boundField('pronouns', 'Pronouns', 'student.pronouns'),
    number,
    boundField('stateId', 'State ID', 'student.stateId'),
    grade,
    school,
    boundField('homeLanguage', 'Home language', 'student.homeLanguage'),
    boundField('address', 'Address', 'student.address'),
  ],
};
const parents = {
  title: 'Parents and guardians',
  fields: [
    {
      kind: 'people',
      key: 'guardians',
      label: 'Parents and guardians',
      binding: 'guardians',
      columns: [
        { key: 'name', label: 'Name' },
        { key: 'relationship', label: 'Relationship' },
        { key: 'phone', label: 'Phone' },
        { key: 'email', label: 'E-mail' },
        { key: 'language', label: 'Language' },
      ],
    },
  ] satisfies FormField[],
};
const addressee = {
  title: 'To',
  fields: [
    boundField('parentName', 'Parent or guardian', 'guardians[1].name'),
    boundField('parentAddress', 'Address', 'guardians[1].address'),
    boundField('parentPhone', 'Phone', 'guardians[1].phone'),
    boundField('parentLanguage', 'Language', 'guardians[1].language'),
    writtenOn,
  ],
};
const team = (label: string): FormField => ({
  kind: 'people',
  key: 'team',
  label,
  columns: [
    { key: 'name', label: 'Name' },
    { key: 'role', label: 'Role' },
  ],
});
const special = 'Special Education';

const educationProgram: FormTemplate = {
  key: 'education-program-cover',
  version: 2,
  title: 'IEP Cover Page',
  group: special,
  summary: 'Student, parents, meeting and dates of the individualized education program.',
  allowsSeveral: false,
  sections: [
    fullStudent,
    parents,
    {
      title: 'Meeting',
      fields: [
        choiceField('meetingType', 'Meeting type', ['Initial', 'Annual', 'Review', 'Reevaluation']),
        dateField('meetingDate', 'Meeting date', true),
        dateField('startDate', 'IEP start date'),
        dateField('endDate', 'IEP end date'),
        dateField('nextDue', 'Next annual review due'),
      ],
    },
    {
      title: 'Team',
      fields: [
        team('Team members'),
        signatureField('administrator', 'District representative’s signature'),
      ],
    },
  ],
};

const meetingNotice: FormTemplate = {
  key: 'meeting-notice',
  version: 2,
  title: 'Meeting Notice (ARD/IEP)',
  group: special,
  summary:
    'Invites parents to a meeting about their child, with date, place, purpose and participants.',
  allowsSeveral: true,
  sections: [
    addressee,
    shortStudent,
    {
      title: 'Meeting',
      introduction: [
        'You are invited to a meeting about your child. You are a member of the team that makes decisions, and your input is as important as anyone else’s.',
      ],
      fields: [
        dateField('meetingDate', 'Date', true),
        textField('meetingTime', 'Time', 1),
        textField('place', 'Location, or how to join remotely', 2),
        textField('purpose', 'Purpose', 4),
        team('Other invited participants'),
        yesNoField('interpreter', 'An interpreter will be provided'),
      ],
    },
    {
      title: 'Your response',
      introduction: [
        'Please choose one. If the time does not work for you, we will find another one.',
      ],
      fields: [
        choiceField('answer', 'I', [
          'will attend',
          'will attend by phone or video',
          'need another time',
        ]),
        signatureField('parentSignature', 'Parent or guardian’s signature'),
      ],
    },
  ],
};

const priorNotice: FormTemplate = {
  key: 'prior-written-notice',
  version: 2,
  title: 'Prior Written Notice',
  group: special,
  summary:
    'Informs parents in writing, in advance, of what the district proposes or refuses to do.',
  allowsSeveral: true,
  sections: [
    addressee,
    shortStudent,
    {
      title: 'Proposed or refused action',
      fields: [
        choiceField('action', 'The district', ['proposes an action', 'refuses an action']),
        textField('what', 'Description of the action', 5),
        textField('why', 'Reasons', 5),
        textField('considered', 'Other options considered, and why they were rejected', 5),
        textField('basis', 'Evaluations, records and reports used', 5),
        textField('factors', 'Other relevant factors', 3),
        dateField('from', 'Effective date'),
      ],
    },
    {
      title: 'Your rights',
      introduction: [
        'You and your child are protected by law. You can ask for a copy or an explanation of your rights at any time, and you can disagree with this notice.',
      ],
      fields: [
        textField('contact', 'Contact for questions', 2),
        signatureField('districtSignature', 'District representative’s signature'),
      ],
    },
  ],
};

const evaluationConsent: FormTemplate = {
  key: 'evaluation-consent',
  version: 2,
  title: 'Consent for Evaluation',
  group: special,
  summary: 'Asks a parent for consent to an evaluation and describes it.',
  allowsSeveral: false,
  sections: [
    addressee,
    shortStudent,
    {
      title: 'Evaluation',
      introduction: [
        'We would like to find out what your child needs to learn well. No evaluation starts without your consent.',
      ],
      fields: [
        choiceField('kind', 'Type', ['Initial evaluation', 'Reevaluation']),
        textField('reason', 'Reason for the evaluation', 5),
        textField('areas', 'Areas and methods of the evaluation', 6),
        boundField('language', 'Language of the evaluation', 'student.nativeLanguage'),
      ],
    },
    {
      title: 'Your decision',
      introduction: [
        'Your consent is voluntary, and you can withdraw it at any time. Withdrawing it does not change what was done before.',
      ],
      fields: [
        choiceField('decision', 'I', [
          'consent to the evaluation',
          'do not consent to the evaluation',
        ]),
        signatureField('parentSignature', 'Parent or guardian’s signature'),
      ],
    },
  ],
};

const section504: FormTemplate = {
  key: 'section-504-plan',
  version: 2,
  title: 'Section 504 Plan',
  group: 'Section 504',
  summary: 'The student’s accommodations, who is responsible, and when the plan is reviewed.',
  allowsSeveral: false,
  sections: [
    fullStudent,
    parents,
    {
      title: 'Need',
      fields: [
        textField('impairment', 'Impairment, and the major life activity it limits', 4),
        textField('evidence', 'Evidence the team considered', 4),
        yesNoField('eligible', 'The student is eligible'),
      ],
    },
    {
      title: 'Accommodations',
      fields: [
        textField('accommodations', 'Accommodations, with place and time', 10),
        textField('testing', 'Testing accommodations', 4),
        textField('responsible', 'Responsible staff', 2),
        dateField('startDate', 'Plan start date', true),
        dateField('reviewDate', 'Next review due'),
      ],
    },
    {
      title: 'Agreement',
      fields: [
        team('Team'),
        signatureField('parentSignature', 'Parent or guardian’s signature'),
        signatureField('coordinator', 'Section 504 coordinator’s signature'),
      ],
    },
  ],
};

const evaluationCover: FormTemplate = {
  key: 'evaluation-report-cover',
  version: 2,
  title: 'Evaluation Report Cover Page',
  group: special,
  summary: 'The first page of a full evaluation: student, parents, evaluators and dates.',
  allowsSeveral: false,
  sections: [
    fullStudent,
    parents,
    {
      title: 'Evaluation',
      fields: [
        choiceField('kind', 'Type', ['Initial evaluation', 'Reevaluation']),
        dateField('consentDate', 'Date of consent'),
        dateField('reportDate', 'Report date', true),
        textField('questions', 'Questions', 5),
        textField('summary', 'Summary of findings', 8),
      ],
    },
    { title: 'Evaluators', fields: [team('Evaluators'), signatureField('lead', 'Lead evaluator')] },
  ],
};

const transferLetter: FormTemplate = {
  key: 'transfer-letter',
  version: 2,
  title: 'Transfer Letter',
  group: special,
  summary:
    'Informs a new school of a student with special services, and sends or requests records.',
  allowsSeveral: true,
  sections: [
    {
      title: 'Letter',
      fields: [
        boundField('from', 'From', 'district.name'),
        writtenOn,
        textField('to', 'To (school or district)', 3),
      ],
    },
    {
      title: 'Student',
      fields: [
        name,
        birthDate,
        number,
        boundField('stateId', 'State ID', 'student.stateId'),
        grade,
        school,
      ],
    },
    parents,
    {
      title: 'Services',
      introduction: [
        'This student has received special program services from us and is transferring between our schools. Please provide comparable services from the first day, so that they are not interrupted.',
      ],
      fields: [
        choiceField('purpose', 'We', ['are sending the records', 'request the records']),
        textField('services', 'Current services', 5),
        dateField('lastDay', 'Last day of enrollment'),
        textField('contact', 'Contact for questions', 2),
        signatureField('sender', 'Signature'),
      ],
    },
  ],
};

/** All built-in forms, in the order of the menu. */
export const builtInForms: readonly FormTemplate[] = [
  educationProgram,
  meetingNotice,
  priorNotice,
  evaluationConsent,
  evaluationCover,
  transferLetter,
  section504,
];

/** Returns the current version of a built-in form; `undefined` if there is none with this key. */
export const findBuiltInForm = (key: string): FormTemplate | undefined =>
  builtInForms.find((form) => form.key === key);
