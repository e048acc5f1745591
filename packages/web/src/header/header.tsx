/** @module The page's name, search and navigation. */
import { chooseLanguage, LANGUAGES, type Language, language, messages } from '../messages/messages.ts';
import { openPage, type Page, page } from '../state/page-state.ts';

const FRAGMENTS: Readonly<Record<Page, string>> = { gallery: '#', how: '#page=how', studio: '#studio' };

function PageLink({ to, children }: { to: Page; children: string }) {
  return (
    <a
      href={FRAGMENTS[to]}
      aria-current={page.value === to ? 'page' : undefined}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        openPage(to);
      }}
    >
      {children}
    </a>
  );
}

export function Header() {
  const text = messages.value;
  return (
    <header class="top">
      <button type="button" class="skip" onClick={skipToDogs}>
        {text.skip}
      </button>
      <h1>{text.title}</h1>
      <nav>
        <PageLink to="gallery">{text.gallery}</PageLink>
        <PageLink to="studio">{text.makeYourOwn}</PageLink>
        <PageLink to="how">{text.howItWorks}</PageLink>
        <label class="language">
          <span class="hidden">{text.languageChoice}</span>
          <select value={language.value} onChange={(event) => chooseLanguage(event.currentTarget.value as Language)}>
            {Object.entries(LANGUAGES).map(([code, { language: name }]) => (
              <option key={code} value={code} lang={code}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </nav>
    </header>
  );
}

/** Not a link: the address's fragment holds the picture, and a jump within the page must not replace it. */
function skipToDogs(): void {
  const target = document.getElementById('dogs');
  target?.scrollIntoView();
  target?.focus({ preventScroll: true });
}
