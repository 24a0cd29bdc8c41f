/** The forms that come with Daybreak, in our own words; a district may word its own after them. */
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
  label: 'Birth date',
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
    boundField('calledName', 'Name in use', 'student.name'),
    birthDate,
    boundField('age', 'Age', 'student.age'),
    gender,
    boundField('pronouns', 'Pronouns', 'student.pronouns'),
    number,
    boundField('stateId', 'State id', 'student.stateId'),
    grade,
    school,
    boundField('homeLanguage', 'Language at home', 'student.homeLanguage'),
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
  version: 1,
  title: 'Individualized education program: cover page',
  group: special,
  summary: 'Who the student and the parents are, the meeting, and the dates of the program.',
  allowsSeveral: false,
  sections: [
    fullStudent,
    parents,
    {
      title: 'Meeting',
      fields: [
        choiceField('meetingType', 'Kind of meeting', [
          'Initial',
          'Annual',
          'Review',
          'Reevaluation',
        ]),
        dateField('meetingDate', 'Date of the meeting', true),
        dateField('startDate', 'Program begins'),
        dateField('endDate', 'Program ends'),
        dateField('nextDue', 'Next program due by'),
      ],
    },
    {
      title: 'Team',
      fields: [
        team('Who took part'),
        signatureField('administrator', 'Signature for the district'),
      ],
    },
  ],
};

const meetingNotice: FormTemplate = {
  key: 'meeting-notice',
  version: 1,
  title: 'Notice of meeting',
  group: special,
  summary: 'Invites parents to a meeting about their child: when, where, why and with whom.',
  allowsSeveral: true,
  sections: [
    addressee,
    shortStudent,
    {
      title: 'The meeting',
      introduction: [
        'We invite you to a meeting about your child. You belong to the team that decides, and your view counts as much as any other.',
      ],
      fields: [
        dateField('meetingDate', 'Date', true),
        textField('meetingTime', 'Time', 1),
        textField('place', 'Place, or how to take part from afar', 2),
        textField('purpose', 'What it is about', 4),
        team('Who else is invited'),
        yesNoField('interpreter', 'An interpreter will be there'),
      ],
    },
    {
      title: 'Your answer',
      introduction: [
        'Tell us which it is. If the time does not suit you, we find another one with you.',
      ],
      fields: [
        choiceField('answer', 'I', [
          'will come',
          'will take part by phone or video',
          'need another time',
        ]),
        signatureField('parentSignature', 'Signature of the parent or guardian'),
      ],
    },
  ],
};

const priorNotice: FormTemplate = {
  key: 'prior-written-notice',
  version: 1,
  title: 'Prior written notice',
  group: special,
  summary: 'Tells parents in writing what the district will do or will not do, before it happens.',
  allowsSeveral: true,
  sections: [
    addressee,
    shortStudent,
    {
      title: 'What is to happen',
      fields: [
        choiceField('action', 'The district', ['proposes an action', 'refuses an action']),
        textField('what', 'The action', 5),
        textField('why', 'Reasons for it', 5),
        textField('considered', 'What else was considered, and why it was not chosen', 5),
        textField('basis', 'Evaluations, records and reports it rests on', 5),
        textField('factors', 'Other things that mattered', 3),
        dateField('from', 'In effect from'),
      ],
    },
    {
      title: 'Your rights',
      introduction: [
        'The law protects you and your child. You may ask for a copy of your rights at any time, have them explained, and disagree with this notice.',
      ],
      fields: [
        textField('contact', 'Whom to ask', 2),
        signatureField('districtSignature', 'Signature for the district'),
      ],
    },
  ],
};

const evaluationConsent: FormTemplate = {
  key: 'evaluation-consent',
  version: 1,
  title: 'Consent for evaluation',
  group: special,
  summary: 'Asks a parent to agree to an evaluation and says what will be looked at.',
  allowsSeveral: false,
  sections: [
    addressee,
    shortStudent,
    {
      title: 'The evaluation',
      introduction: [
        'We would like to find out what your child needs to learn well. No evaluation begins before you agree.',
      ],
      fields: [
        choiceField('kind', 'This is', ['a first evaluation', 'a reevaluation']),
        textField('reason', 'Why it is suggested', 5),
        textField('areas', 'What will be looked at, and how', 6),
        boundField(
          'language',
          'Language in which the child is evaluated',
          'student.nativeLanguage',
        ),
      ],
    },
    {
      title: 'Your decision',
      introduction: [
        'You are free to agree or not, and may take your consent back at any time; what was done until then stands.',
      ],
      fields: [
        choiceField('decision', 'I', ['agree to the evaluation', 'do not agree to the evaluation']),
        signatureField('parentSignature', 'Signature of the parent or guardian'),
      ],
    },
  ],
};

const section504: FormTemplate = {
  key: 'section-504-plan',
  version: 1,
  title: 'Section 504 plan',
  group: 'Section 504',
  summary:
    'The accommodations a student gets, who sees to them, and when the plan is looked at again.',
  allowsSeveral: false,
  sections: [
    fullStudent,
    parents,
    {
      title: 'Need',
      fields: [
        textField('impairment', 'Impairment, and the life activity it limits', 4),
        textField('evidence', 'What the team looked at', 4),
        yesNoField('eligible', 'The student is eligible'),
      ],
    },
    {
      title: 'Accommodations',
      fields: [
        textField('accommodations', 'What is done differently, where and when', 10),
        textField('testing', 'In tests', 4),
        textField('responsible', 'Who sees to it', 2),
        dateField('startDate', 'Plan begins', true),
        dateField('reviewDate', 'Looked at again by'),
      ],
    },
    {
      title: 'Agreement',
      fields: [
        team('Team'),
        signatureField('parentSignature', 'Signature of the parent or guardian'),
        signatureField('coordinator', 'Signature of the coordinator'),
      ],
    },
  ],
};

const evaluationCover: FormTemplate = {
  key: 'evaluation-report-cover',
  version: 1,
  title: 'Evaluation report: cover page',
  group: special,
  summary: 'The first page of a full evaluation: student, parents, evaluators and dates.',
  allowsSeveral: false,
  sections: [
    fullStudent,
    parents,
    {
      title: 'Evaluation',
      fields: [
        choiceField('kind', 'Kind', ['Initial evaluation', 'Reevaluation']),
        dateField('consentDate', 'Consent given on'),
        dateField('reportDate', 'Date of the report', true),
        textField('questions', 'Questions to be answered', 5),
        textField('summary', 'Findings in brief', 8),
      ],
    },
    { title: 'Evaluators', fields: [team('Evaluators'), signatureField('lead', 'Lead evaluator')] },
  ],
};

const transferLetter: FormTemplate = {
  key: 'transfer-letter',
  version: 1,
  title: 'Transfer letter',
  group: special,
  summary:
    'Tells a new school that a student with a program is coming, and asks for or sends records.',
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
        boundField('stateId', 'State id', 'student.stateId'),
        grade,
        school,
      ],
    },
    parents,
    {
      title: 'What we write about',
      introduction: [
        'This student has received services of a special program with us and is moving between our schools. So that nothing is interrupted, please see to comparable services from the first day.',
      ],
      fields: [
        choiceField('purpose', 'We', ['send the records', 'ask for the records']),
        textField('services', 'Services at present', 5),
        dateField('lastDay', 'Last day with us'),
        textField('contact', 'Whom to ask', 2),
        signatureField('sender', 'Signature'),
      ],
    },
  ],
};

/** Every form that is shipped, in the order of the menu. */
export const builtInForms: readonly FormTemplate[] = [
  educationProgram,
  meetingNotice,
  priorNotice,
  evaluationConsent,
  evaluationCover,
  transferLetter,
  section504,
];

/** The shipped form of this key as it is now; `undefined` when there is none. */
export const findBuiltInForm = (key: string): FormTemplate | undefined =>
  builtInForms.find((form) => form.key === key);
