// What reasons.ts needs to know about one connector of a site.

import { explain, type Explanation } from './reasons';
import { nameOf, type ConnectorModel, type SiteModel } from './site_model';

export function explanationOf(model: SiteModel, connector: ConnectorModel): Explanation {
  return explain(connector.because, {
    grant_ma: connector.grant_ma,
    target_ma: connector.target_ma,
    max_ma: connector.max_ma,
    nodeName: (node) => nameOf(model, node),
    limitOf: (node, source) =>
      model.nodeById.get(node)?.sources.find((limit) => limit.source === source),
  });
}
