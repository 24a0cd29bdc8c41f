/** The parts of Skyward Qmlativ's objects that the mapping reads; the client's parsed rows fit them. */
import type { CodeLabel } from './code-labels.ts';

type Id = number;
/** Tidied as it was read. */
type Text = string | null | undefined;
type Flag = boolean | null | undefined;
type Count = number | null | undefined;
/** `YYYY-MM-DD`, time and zone already cut off. */
type Day = string | null | undefined;
type Ref = Id | null | undefined;

export interface QmlativName {
  NameID: Id;
  FirstName?: Text;
  MiddleName?: Text;
  LastName?: Text;
  FirstNameLegal?: Text;
  MiddleNameLegal?: Text;
  LastNameLegal?: Text;
  NameSuffixID?: Ref;
  NameSuffixIDLegal?: Ref;
  BirthDate?: Day;
  Gender?: Text;
  GenderCode?: Text;
  Race?: Text;
  Ethnicity?: Text;
}

export interface QmlativNameAlias {
  NameAliasID: Id;
  NameID?: Ref;
  Rank?: Count;
  FirstName?: Text;
  MiddleName?: Text;
  LastName?: Text;
  NameSuffixID?: Ref;
  IsLegalName?: Flag;
  IsMaidenName?: Flag;
}

export interface QmlativAddress {
  AddressID: Id;
  StreetNumberAndNameIncludeSecondaryUnit?: Text;
  StreetNumber?: Text;
  StreetID?: Ref;
  SecondaryUnitNumber?: Text;
  FormattedFullAddress?: Text;
  AddressLine2?: Text;
  POBox?: Text;
  FreeformAddress?: Text;
  InternationalAddress1?: Text;
  InternationalAddress2?: Text;
  InternationalAddress3?: Text;
  InternationalAddress4?: Text;
  ZipID?: Ref;
  ZipCodeAddOn?: Text;
  CountyID?: Ref;
}

export interface QmlativNameAddress {
  NameAddressID: Id;
  NameID: Id;
  AddressID: Id;
  IsMailing?: Flag;
  IsPhysical?: Flag;
}

export interface QmlativNamePhone {
  NamePhoneID: Id;
  NameID?: Ref;
  Rank?: Count;
  PhoneTypeID?: Ref;
  PhoneNumber?: Text;
  FormattedPhoneNumber?: Text;
  Extension?: Text;
  IsConfidential?: Flag;
  IsFax?: Flag;
}

export interface QmlativNameEmail {
  NameEmailID: Id;
  NameID?: Ref;
  Rank?: Count;
  EmailTypeID?: Ref;
  EmailAddress?: Text;
}

export interface QmlativStudent {
  StudentID: Id;
  NameID: Id;
  StudentNumber?: Text;
  CalculatedStudentStateID?: Text;
  StudentStateID?: Text;
  Grade?: Text;
  GradYear?: Count;
  LanguageIDNative?: Ref;
}

export interface QmlativStudentGuardian {
  StudentGuardianID: Id;
  StudentID: Id;
  NameIDGuardian: Id;
  Rank?: Count;
  RelationshipID?: Ref;
  IsCustodialGuardian?: Flag;
  IsEmergencyContact?: Flag;
  AllowStudentPickup?: Flag;
  AllowFamilyAccess?: Flag;
  HasActiveRestrictedAccess?: Flag;
}

export interface QmlativFamily {
  FamilyID: Id;
  LanguageIDHome?: Ref;
}

export interface QmlativStudentFamily {
  StudentFamilyID: Id;
  StudentID: Id;
  FamilyID: Id;
  Rank?: Count;
}

export interface QmlativFamilyGuardian {
  FamilyGuardianID: Id;
  FamilyID: Id;
  NameID: Id;
  Rank?: Count;
}

export interface QmlativStudentEntityYear {
  StudentEntityYearID: Id;
  StudentID: Id;
  EntityID: Id;
  SchoolYearID: Id;
  Grade?: Text;
  HomeroomID?: Ref;
  StaffIDAdvisor?: Ref;
}

export interface QmlativEntryWithdrawal {
  EntryWithdrawalID: Id;
  StudentID: Id;
  EntityID: Id;
  SchoolYearID: Id;
  StartDate?: Day;
  EndDate?: Day;
  WithdrawalDate?: Day;
  WithdrawalCodeID?: Ref;
  EntryCodeID?: Ref;
  SchoolID?: Ref;
  CalendarID?: Ref;
  IsDefaultEntity?: Flag;
  IsNoShow?: Flag;
  EnrolledAtLeastOneDay?: Flag;
}

/** The district's code tables by id, small enough to lie in memory while the large objects stream by. */
export interface QmlativCodes {
  readonly suffixes: ReadonlyMap<Id, CodeLabel>;
  readonly languages: ReadonlyMap<Id, CodeLabel>;
  readonly relationships: ReadonlyMap<Id, CodeLabel>;
  readonly phoneTypes: ReadonlyMap<Id, CodeLabel>;
  readonly emailTypes: ReadonlyMap<Id, CodeLabel>;
  readonly entryCodes: ReadonlyMap<Id, CodeLabel>;
  readonly withdrawalCodes: ReadonlyMap<Id, CodeLabel>;
  readonly counties: ReadonlyMap<Id, CodeLabel>;
  /** Names of streets with their direction. */
  readonly streets: ReadonlyMap<Id, string | null>;
  readonly zips: ReadonlyMap<
    Id,
    {
      readonly zip: string | null;
      readonly city: string | null;
      /** Undefined when its id leads nowhere. */
      readonly state: string | null | undefined;
      readonly country: string | null;
    }
  >;
  readonly entities: ReadonlyMap<Id, { readonly name: string | null }>;
  readonly schools: ReadonlyMap<
    Id,
    { readonly name: string | null; readonly stateId: string | null }
  >;
  /** School year id to the calendar year it ends in. */
  readonly schoolYears: ReadonlyMap<Id, number>;
  readonly calendarEndDates: ReadonlyMap<Id, string | null>;
  readonly homerooms: ReadonlyMap<
    Id,
    { readonly code: string | null; readonly staffId: Id | null }
  >;
  /** Staff id to the staff member's name record. */
  readonly staffPersonIds: ReadonlyMap<Id, Id>;
}
