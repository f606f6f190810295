/**
 * OpenTelemetry traces: one span for each request, sent where OTEL_EXPORTER_OTLP_ENDPOINT says, and nothing at all without
 * it. A span has method, route pattern and status. There is none for a request in which people vote, and nothing is
 * registered globally, so that no library can add spans of its own.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isVoting } from './log.ts';
import type { WebApp } from './services.ts';

export async function registerTracing(app: WebApp): Promise<void> {
  if (app.services.config.traceEndpoint === null) return;
  const [{ SpanKind, SpanStatusCode }, { BatchSpanProcessor, TracerProvider }, { OTLPTraceExporter }, { defaultResource, resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'), import('@opentelemetry/sdk-trace'), import('@opentelemetry/exporter-trace-otlp-http'), import('@opentelemetry/resources'),
  ]);
  // The exporter reads its endpoint, headers and timeouts from the standard OTEL_EXPORTER_OTLP_ variables itself.
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes({ 'service.name': process.env.OTEL_SERVICE_NAME ?? 'commonpot' })),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  });
  const tracer = provider.getTracer('commonpot');
  app.addHook('onResponse', async (request: FastifyRequest, reply: FastifyReply) => {
    if (isVoting(request)) return;
    const route = request.routeOptions.url ?? 'none';
    const end = app.services.clock();
    const span = tracer.startSpan(`${request.method} ${route}`, {
      kind: SpanKind.SERVER, root: true, startTime: new Date(end.getTime() - reply.elapsedTime),
      attributes: { 'http.request.method': request.method, 'http.route': route, 'http.response.status_code': reply.statusCode },
    });
    if (reply.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(end);
  });
  app.addHook('onClose', () => provider.shutdown());
}
