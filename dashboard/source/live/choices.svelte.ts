// What the person at the page has chosen: view, selection, theme, open dialogs. The view, site and
// selection stand in the address, so that a reload or a link keeps them; the theme is kept in local
// storage.

import type { SiteFilter, SiteOrder } from '../model/all_sites';

export const views = ['overview', 'stations', 'sessions', 'events', 'safety'] as const;
/// Of one site, or of all of them.
export type View = (typeof views)[number] | 'sites';
export type Theme = 'system' | 'light' | 'dark';
export interface Selection {
  kind: 'node' | 'station';
  id: string;
}

const themeKey = 'busbar.theme';
const themes: Theme[] = ['system', 'light', 'dark'];

class Choices {
  view = $state<View>('sites');
  site = $state('');
  selection = $state.raw<Selection | undefined>();
  theme = $state<Theme>('system');
  /// What the theme comes to, with the system's preference.
  isDark = $state(false);
  isHelpOpen = $state(false);
  isFaultOpen = $state(false);
  isAccountOpen = $state(false);
  isUsersOpen = $state(false);
  /// Narrow screens show the inspector as a sheet, on demand only.
  isSheetOpen = $state(false);
  /// Filters of the list of stations, kept while other views are open.
  stationNode = $state('');
  stationCondition = $state('all');
  stationSearch = $state('');
  /// Order and filters of the table of sites, kept while a site is looked at.
  siteOrder = $state.raw<SiteOrder>({ by: 'state', isReversed: false });
  siteState = $state<SiteFilter['state']>('all');
  siteSearch = $state('');

  get isDialogOpen(): boolean {
    return this.isHelpOpen || this.isFaultOpen || this.isAccountOpen || this.isUsersOpen;
  }

  constructor() {
    this.readAddress();
    window.addEventListener('hashchange', () => this.readAddress());
    const kept = localStorage.getItem(themeKey) as Theme | null;
    if (kept && themes.includes(kept)) this.theme = kept;
  }

  show(view: View): void {
    this.view = view;
    this.isSheetOpen = false;
    this.writeAddress();
  }

  select(kind: Selection['kind'], id: string): void {
    this.selection = { kind, id };
    this.isSheetOpen = true;
    this.writeAddress();
  }

  chooseSite(site: string): void {
    this.site = site;
    this.selection = undefined;
    this.stationNode = '';
    this.writeAddress();
  }

  showStations(node: string, condition: string): void {
    this.stationNode = node;
    this.stationCondition = condition;
    this.stationSearch = '';
    this.show('stations');
  }

  nextTheme(): void {
    const place = themes.indexOf(this.theme);
    this.theme = themes[(place + 1) % themes.length] ?? 'system';
    localStorage.setItem(themeKey, this.theme);
  }

  private readAddress(): void {
    const [view, parameters] = location.hash.replace(/^#\/?/, '').split('?');
    const given = new URLSearchParams(parameters ?? '');
    this.view = views.find((each) => each === view) ?? (given.has('site') ? 'overview' : 'sites');
    const site = given.get('site') ?? this.site;
    if (site !== this.site) this.selection = undefined;
    this.site = site;
    for (const kind of ['node', 'station'] as const) {
      const id = given.get(kind);
      if (id) this.selection = { kind, id };
    }
  }

  private writeAddress(): void {
    const given = new URLSearchParams();
    if (this.site) given.set('site', this.site);
    if (this.selection) given.set(this.selection.kind, this.selection.id);
    const text = given.toString();
    history.replaceState(null, '', `#/${this.view}${text ? `?${text}` : ''}`);
  }
}

export const choices = new Choices();
