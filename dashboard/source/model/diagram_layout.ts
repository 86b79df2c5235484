// Where everything of the single-line diagram stands. Two ways to draw it, as electricians do:
//
//   columns: supply on top, busbars lie,      rows: supply on top left, busbars stand,
//            stations hang below                    one row each; any width, any number
//              ──┬──                                  ┃
//             ┌──┴──┐                                 ┣━ feeder 1
//            CP    CP                                 ┃  ┣━ CP-001
//
// Stations in rows are tiles, several side by side, beside their node where the drawing is wide;
// where it is narrow a dozen and more are tiles below it. Of very many only a bar for each node is
// drawn.

import type { NodeModel, SiteModel } from './site_model';

export type Orientation = 'columns' | 'rows';

export interface PlacedNode {
  id: string;
  x: number;
  y: number;
  /// Where its supply comes from: a point on the parent's busbar, or above for the service.
  fromX: number;
  fromY: number;
  /// Its own busbar; from = to where nothing hangs on it.
  busFrom: number;
  busTo: number;
}

export type StationShape = 'column' | 'row' | 'tile';

export interface PlacedStation {
  id: string;
  shape: StationShape;
  x: number;
  y: number;
  width: number;
  fromX: number;
  fromY: number;
}

/// All stations of one node in one mark, where there are too many to draw each.
export interface PlacedGroup {
  node: string;
  x: number;
  y: number;
  fromX: number;
  fromY: number;
}

export interface Layout {
  orientation: Orientation;
  width: number;
  height: number;
  nodes: PlacedNode[];
  stations: PlacedStation[];
  groups: PlacedGroup[];
  /// Everything that can be reached by keyboard, in reading order.
  order: string[];
}

export const sizes = {
  stationWidthMin: 92, stationWidthMax: 132, nodeWidth: 186, labelWidth: 156,
  level: 136, top: 40, busToStation: 46, stationHeight: 98,
  /// Drawings this wide have groups of stations beside their node, narrower ones below it.
  besideFrom: 760, besideX: 480, nodeRow: 66, stationRow: 40, groupRow: 58, indent: 24, rowLeft: 26,
  tileWidthMin: 108, tileRow: 42, tileGap: 6, nodeRowBeside: 62,
};

/// Above this number of stations each node's stations are drawn as one group: in columns and in
/// narrow drawings, and beside their nodes in wide ones.
export const stationsDrawnMost = 24;
export const tilesDrawnMost = 60;
/// Above this number the stations of narrow rows are tiles; in rows wider than this, always.
export const rowsDrawnMost = 11;
export const rowWidthMost = 480;

function spanOf(node: NodeModel, model: SiteModel, stationWidth: number): number {
  const children = node.children.reduce((sum, id) => {
    const child = model.nodeById.get(id);
    return sum + (child ? spanOf(child, model, stationWidth) : 0);
  }, 0);
  return Math.max(sizes.nodeWidth, children + node.stations.length * stationWidth);
}

class ColumnPlacer {
  readonly nodes: PlacedNode[] = [];
  readonly stations: PlacedStation[] = [];
  readonly order: string[] = [];
  bottom = 0;

  constructor(private readonly model: SiteModel, private readonly stationWidth: number) {}

  place(node: NodeModel, left: number, supply: { busY: number; x?: number }): number {
    const span = spanOf(node, this.model, this.stationWidth);
    const x = Math.min(left + span / 2, left + span - sizes.labelWidth);
    const y = supply.busY + sizes.level;
    const placed: PlacedNode = {
      id: node.node, x, y, fromX: supply.x ?? x, fromY: supply.busY, busFrom: x, busTo: x,
    };
    this.nodes.push(placed);
    this.order.push(node.node);
    const drops = [...this.placeStations(node, left, y), ...this.placeChildren(node, left, y)];
    placed.busFrom = Math.min(x - 26, ...drops);
    placed.busTo = Math.max(x + 26, ...drops);
    this.bottom = Math.max(this.bottom, y + 24);
    return x;
  }

  private placeStations(node: NodeModel, left: number, busY: number): number[] {
    return node.stations.map((id, place) => {
      const x = left + (place + 0.5) * this.stationWidth;
      const y = busY + sizes.busToStation;
      this.stations.push({
        id, shape: 'column', x, y, width: this.stationWidth - 12, fromX: x, fromY: busY,
      });
      this.order.push(id);
      this.bottom = Math.max(this.bottom, y + sizes.stationHeight);
      return x;
    });
  }

  private placeChildren(node: NodeModel, left: number, busY: number): number[] {
    let next = left + node.stations.length * this.stationWidth;
    return node.children.flatMap((id) => {
      const child = this.model.nodeById.get(id);
      if (!child) return [];
      const x = this.place(child, next, { busY });
      next += spanOf(child, this.model, this.stationWidth);
      return [x];
    });
  }
}

function columns(model: SiteModel, root: NodeModel, available: number): Layout {
  const least = spanOf(root, model, sizes.stationWidthMin);
  const perStation = sizes.stationWidthMin
    + Math.floor((available - least) / Math.max(1, model.stations.length));
  const stationWidth = Math.max(
    sizes.stationWidthMin, Math.min(sizes.stationWidthMax, perStation));
  const width = spanOf(root, model, stationWidth);
  const placer = new ColumnPlacer(model, stationWidth);
  placer.place(root, Math.max(0, (available - width) / 2), { busY: sizes.top - 24 });
  return {
    orientation: 'columns', width: Math.max(available, width), height: placer.bottom + 12,
    nodes: placer.nodes, stations: placer.stations, groups: [], order: placer.order,
  };
}

class RowPlacer {
  readonly nodes: PlacedNode[] = [];
  readonly stations: PlacedStation[] = [];
  readonly groups: PlacedGroup[] = [];
  readonly order: string[] = [];
  y = 8;
  private readonly isWide: boolean;

  constructor(
    private readonly model: SiteModel, private readonly available: number,
    private readonly draws: 'rows' | 'tiles' | 'groups',
  ) {
    this.isWide = available >= sizes.besideFrom;
  }

  place(node: NodeModel, parent: PlacedNode | undefined): void {
    const x = sizes.rowLeft + node.depth * sizes.indent;
    const row = this.isWide && this.draws !== 'rows' ? sizes.nodeRowBeside : sizes.nodeRow;
    const y = this.y + row / 2;
    const placed: PlacedNode = {
      id: node.node, x, y, fromX: parent?.x ?? x, fromY: parent ? y : y - 26, busFrom: y, busTo: y,
    };
    this.nodes.push(placed);
    this.order.push(node.node);
    this.y += row;
    this.placeStations(node, placed);
    for (const id of node.children) {
      const child = this.model.nodeById.get(id);
      if (!child) continue;
      placed.busTo = this.y + row / 2;
      this.place(child, placed);
    }
  }

  private placeStations(node: NodeModel, placed: PlacedNode): void {
    const x = placed.x + sizes.indent;
    if (this.draws === 'tiles') {
      this.placeTiles(node, placed);
      return;
    }
    if (node.stations.length > 0 && this.draws === 'groups' && this.isWide) {
      const beside = { x: sizes.besideX, y: placed.y + 4 };
      this.groups.push({ node: node.node, ...beside, fromX: beside.x, fromY: beside.y });
      this.order.push(`group:${node.node}`);
      return;
    }
    if (node.stations.length > 0 && this.draws === 'groups') {
      const y = this.y + 23;
      placed.busTo = y;
      this.groups.push({ node: node.node, x, y, fromX: placed.x, fromY: y });
      this.order.push(`group:${node.node}`);
      this.y += sizes.groupRow;
      return;
    }
    for (const id of node.stations) {
      const y = this.y + sizes.stationRow / 2;
      placed.busTo = y;
      this.stations.push({
        id, shape: 'row', x, y, width: this.available - x, fromX: placed.x, fromY: y,
      });
      this.order.push(id);
      this.y += sizes.stationRow;
    }
  }

  /// Several side by side; the first of each row hangs on the busbar where they stand below it.
  private placeTiles(node: NodeModel, placed: PlacedNode): void {
    const left = this.isWide ? sizes.besideX : placed.x + sizes.indent;
    const room = this.available - left;
    const perRow = Math.max(1, Math.floor(room / sizes.tileWidthMin));
    const width = room / perRow;
    const top = this.isWide ? placed.y - sizes.nodeRowBeside / 2 : this.y;
    node.stations.forEach((id, place) => {
      const x = left + (place % perRow) * width;
      const y = top + Math.floor(place / perRow) * sizes.tileRow + sizes.tileRow / 2 + 3;
      const isFirst = !this.isWide && place % perRow === 0;
      this.stations.push({
        id, shape: 'tile', x, y, width: width - sizes.tileGap, fromX: isFirst ? placed.x : x,
        fromY: y,
      });
      this.order.push(id);
      if (isFirst) placed.busTo = y;
    });
    const rowsUsed = Math.ceil(node.stations.length / perRow);
    this.y = Math.max(this.y, top + rowsUsed * sizes.tileRow + 6);
  }
}

function rows(model: SiteModel, root: NodeModel, available: number): Layout {
  const count = model.stations.length;
  const isWide = available >= sizes.besideFrom;
  const most = isWide ? tilesDrawnMost : stationsDrawnMost;
  const areRows = count <= rowsDrawnMost && available <= rowWidthMost;
  const placer =
    new RowPlacer(model, available, areRows ? 'rows' : count <= most ? 'tiles' : 'groups');
  placer.place(root, undefined);
  return {
    orientation: 'rows', width: available, height: placer.y + 8, nodes: placer.nodes,
    stations: placer.stations, groups: placer.groups, order: placer.order,
  };
}

/// Columns where everything fits side by side in `available` pixels, rows otherwise.
export function layoutOf(model: SiteModel, available: number): Layout {
  const root = model.nodes[0];
  if (!root) {
    return {
      orientation: 'rows', width: available, height: 0, nodes: [], stations: [], groups: [],
      order: [],
    };
  }
  const fits = model.stations.length <= stationsDrawnMost
    && spanOf(root, model, sizes.stationWidthMin) <= available;
  return fits ? columns(model, root, available) : rows(model, root, available);
}
