// Why one connector of a site gets this much: whether it obeys at all, then what reasons.ts says.

import { disobedience, stepName } from './obedience';
import { explain, type Explanation } from './reasons';
import { nameOf, type ConnectorModel, type SiteModel } from './site_model';

export function explanationOf(model: SiteModel, connector: ConnectorModel): Explanation {
  if (connector.escalation !== 'none') {
    const isOver = Math.max(...connector.drawn_ma) > connector.setpoint_ma;
    return {
      short: `does not obey · ${stepName(connector.escalation)}`,
      long: disobedience(connector.escalation, isOver), tone: 'lost',
    };
  }
  return explain(connector.because, {
    grant_ma: connector.grant_ma,
    target_ma: connector.target_ma,
    max_ma: connector.max_ma,
    liftedBy: connector.lifted_by,
    nodeName: (node) => nameOf(model, node),
    limitOf: (node, source) =>
      model.nodeById.get(node)?.sources.find((limit) => limit.source === source),
  });
}
