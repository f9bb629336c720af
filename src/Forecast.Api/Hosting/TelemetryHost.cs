using System.Diagnostics;
using Forecast.Hosting;
using Forecast.Hosting.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Forecast.Api.Hosting;

/// <summary>
/// Sends traces and metrics to the collector that <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names (with the other variables of that family as
/// OpenTelemetry defines them); without it nothing is collected and nothing is sent.
/// </summary>
internal sealed class TelemetryHost : IHostedService, IDisposable
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Requests, and connections to the server.</summary>
    private static readonly string[] ServerMeters = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "System.Runtime"];

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(Endpoint) is not { Length: > 0 }) return Task.CompletedTask;
        var service = ResourceBuilder.CreateDefault().AddService("forecast", serviceVersion: EngineVersion.Current);
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(service).AddSource(ForecastTelemetry.Name, "Microsoft.AspNetCore").AddProcessor(new WithoutNames()).AddOtlpExporter().Build();
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(service).AddMeter([ForecastTelemetry.Name, .. ServerMeters]).AddOtlpExporter().Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _traces?.ForceFlush();
        _metrics?.ForceFlush();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    /// <summary>Names the span of a request by method and route.</summary>
    public static async Task NameAsync(HttpContext context, RequestDelegate next)
    {
        if (Activity.Current is not { } span || context.GetEndpoint() is not RouteEndpoint route)
        {
            await next(context);
            return;
        }

        var pattern = route.RoutePattern.RawText?.TrimEnd('/');
        span.DisplayName = $"{context.Request.Method} {pattern}";
        span.SetTag("http.route", pattern);
        await next(context);
    }

    /// <summary>An address holds names of datasets, models and series: the route's pattern is enough.</summary>
    private sealed class WithoutNames : BaseProcessor<Activity>
    {
        private static readonly string[] Names = ["url.path", "url.query", "url.full", "user_agent.original", "client.address"];

        public override void OnEnd(Activity data)
        {
            foreach (var name in Names) data.SetTag(name, null);
        }
    }
}
