import { type ComponentType, lazy, Suspense } from "react";
import { addressOf, type Place } from "../address/route";
import { Link } from "../components/link";
import { Page } from "../components/page";
import { Empty, Skeleton } from "../components/states";

const Overview = lazy(async () => ({ default: (await import("../pages/overview/overview_page")).OverviewPage }));
const Partitions = lazy(async () => ({ default: (await import("../pages/partitions/partitions_page")).PartitionsPage }));
const Events = lazy(async () => ({ default: (await import("../pages/events/events_page")).EventsPage }));
const Entity = lazy(async () => ({ default: (await import("../pages/entities/entity_page")).EntityPage }));
const EntityStart = lazy(async () => ({ default: (await import("../pages/entities/entity_start")).EntityStart }));
const Projections = lazy(async () => ({ default: (await import("../pages/projections/projections_page")).ProjectionsPage }));
const OneProjection = lazy(async () => ({ default: (await import("../pages/projections/projection_page")).ProjectionPage }));
const Vectors = lazy(async () => ({ default: (await import("../pages/vectors/vectors_page")).VectorsPage }));
const DeadLetters = lazy(async () => ({ default: (await import("../pages/dead_letters/dead_letters_page")).DeadLettersPage }));
const Effects = lazy(async () => ({ default: (await import("../pages/effects/effects_page")).EffectsPage }));
const Users = lazy(async () => ({ default: (await import("../pages/users/users_page")).UsersPage }));
const User = lazy(async () => ({ default: (await import("../pages/users/user_page")).UserPage }));
const Conversation = lazy(async () => ({ default: (await import("../pages/users/conversation_page")).ConversationPage }));
const Forks = lazy(async () => ({ default: (await import("../pages/forks/forks_page")).ForksPage }));
const Fork = lazy(async () => ({ default: (await import("../pages/forks/fork_page")).ForkPage }));
const Verification = lazy(async () => ({ default: (await import("../pages/verification/verification_page")).VerificationPage }));
const Audit = lazy(async () => ({ default: (await import("../pages/audit/audit_page")).AuditPage }));
const Settings = lazy(async () => ({ default: (await import("../pages/settings/settings_page")).SettingsPage }));

const single: Record<string, ComponentType> = {
  "": Overview, partitions: Partitions, events: Events, entities: EntityStart, projections: Projections, vectors: Vectors, "dead-letters": DeadLetters,
  effects: Effects, users: Users, forks: Forks, verification: Verification, audit: Audit, settings: Settings,
};

function pageAt(parts: string[]) {
  const [first = "", second, third] = parts;
  if (first === "entities" && second && third) return <Entity key={`${second}/${third}`} entity={`${second}/${third}`} />;
  if (first === "projections" && second) return <OneProjection key={second} name={second} />;
  if (first === "users" && second) return <User key={second} id={second} />;
  if (first === "conversations" && second) return <Conversation key={second} id={second} />;
  if (first === "forks" && second) return <Fork key={second} id={second} />;
  const Found = second === undefined ? single[first] : undefined;
  return Found ? <Found /> : <Nowhere />;
}

export function CurrentPage({ place }: { place: Place }) {
  return (
    <Suspense fallback={<main className="c-scroll" id="main"><div className="c-page"><Skeleton /></div></main>}>
      {pageAt(place.parts)}
    </Suspense>
  );
}

function Nowhere() {
  return (
    <Page title="Nothing here">
      <Empty icon="search" title="There is no page at this address.">
        <Link to={addressOf("")} className="c-link">Go to the overview</Link>
      </Empty>
    </Page>
  );
}
