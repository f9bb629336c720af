using Forecast.Api.Access;
using Forecast.Api.Hosting;
using Forecast.Api.Problems;
using Forecast.Api.Routes;
using Forecast.Hosting;

namespace Forecast.Api;

/// <summary>Builds the server: one page of what it is made of.</summary>
public static class ApiHost
{
    /// <param name="platform">Store, back-tests and models; stays the caller's.</param>
    /// <param name="options">Port, pages, limits.</param>
    public static WebApplication Build(ForecastPlatform platform, ApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(platform);
        ArgumentNullException.ThrowIfNull(options);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Limits.BodyBytes;
            kestrel.Listen(options.Address, options.Port);
        });
        builder.Logging.ToStandardError(options.StructuredLog);
        builder.Services
            .AddPlatform(platform, options)
            .AddProblems()
            .AddAccess(platform)
            .AddRateLimits(options.Limits)
            .AddHosts(options.Address)
            .AddPackedBodies()
            .AddContract();

        var app = builder.Build();
        if (options.StructuredLog) app.UseMiddleware<RequestLog>();
        app.UseProblems();
        app.UseHostFiltering();
        app.UseSafeHeaders();
        app.UseRouting();
        app.Use(TelemetryHost.NameAsync);
        app.UseResponseCompression();
        app.UsePages(options.Web);
        app.UseMiddleware<AccessGate>(AccessModes.Checked(options.Access, options.Address));
        app.UseRateLimiter();
        app.UsePackedBodies();

        var v1 = app.MapGroup("/v1");
        v1.MapForecasts();
        v1.MapRisk();
        v1.MapBacktests();
        v1.MapTrainings();
        v1.MapPulls();
        v1.MapJobs();
        v1.MapSchedules();
        v1.MapRetrainings();
        v1.MapWebhooks();
        v1.MapRuns();
        v1.MapComparisons();
        v1.MapModels();
        v1.MapVersions();
        v1.MapDatasets();
        v1.MapLimits();
        app.MapHealth();
        app.MapOpenApi("/openapi/v1.json").IsOpen();
        return app;
    }
}
