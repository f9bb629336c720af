using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Forecast.Api.Access;
using Forecast.Hosting;
using Forecast.Hosting.Backtests;
using Forecast.Hosting.Datasets;
using Forecast.Hosting.Forecasts;
using Forecast.Hosting.Ingestion;
using Forecast.Hosting.Jobs;
using Forecast.Hosting.Keys;
using Forecast.Hosting.Net;
using Forecast.Hosting.Registry;
using Forecast.Hosting.Retraining;
using Forecast.Hosting.Schedules;
using Forecast.Hosting.Webhooks;
using Forecast.Store;
using Microsoft.Extensions.Logging.Console;
using Microsoft.OpenApi;
using NodaTime;

namespace Forecast.Api.Hosting;

/// <summary>What the routes are given.</summary>
internal static class Services
{
    public static IServiceCollection AddPlatform(this IServiceCollection services, ForecastPlatform platform, ApiOptions options)
    {
        services.AddSingleton(platform);
        services.AddSingleton(platform.Catalogue);
        services.AddSingleton(platform.Backtests);
        services.AddSingleton(new RunViews(platform.Backtests));
        services.AddSingleton(new PyramidCache());
        services.AddSingleton(options.Limits);
        services.AddSingleton(platform.Ledger);
        var turns = new ForecastTurns(options.Limits.ConcurrentForecasts);
        services.AddSingleton(turns);
        var forecasts = new ForecastService(platform.Catalogue, new FitCache(), platform.Ledger, platform.Device, turns: turns);
        services.AddSingleton(forecasts);
        var registry = new ModelRegistry(platform.Catalogue, new ArtefactFolder(ForecastHome.Artefacts));
        services.AddSingleton(registry);
        var library = new DatasetLibrary(ForecastHome.Datasets, platform.Datasets);
        IJobWork[] works =
        [
            new BacktestWork(platform.Store, platform.Backtests),
            new ScheduledBacktestWork(platform.Store, platform.Backtests, library),
            new RetrainingWork(platform.Store, library, new DataIngestion(), platform.Catalogue, registry),
            new TrainingWork(platform.Store, platform.Catalogue, registry, platform.Device),
            new PullWork(forecasts.ForgetWeights),
        ];
        services.AddSingleton(new JobRunner(platform.Store.Jobs, works, platform.Complain));
        services.AddSingleton(new ScheduleClock(platform.Store.Schedules, ForecastHome.Store, platform.Complain));
        services.AddHostedService<JobHost>();
        services.AddHostedService<LedgerHost>();
        services.AddHostedService<ClockHost>();
        services.AddSingleton(new WebhookRelay(platform.Store.Webhooks, OutboundHttp.Create(ForecastHome.PrivateAddresses, TimeSpan.FromSeconds(10)), WebhookRelay.UsualWaits, platform.Complain));
        services.AddHostedService<WebhookHost>();
        services.AddHostedService<TelemetryHost>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        return services;
    }

    /// <summary>Who asks, and what of the store that one may see: no route can be given more.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services, ForecastPlatform platform)
    {
        var library = new DatasetLibrary(ForecastHome.Datasets, platform.Datasets);
        services.AddSingleton(new ApiKeyRing(platform.Store.Keys, SystemClock.Instance));
        services.AddScoped<CallerOfRequest>();
        services.AddScoped(request => platform.Store.ForTenant(request.GetRequiredService<CallerOfRequest>().Caller.Tenant));
        services.AddScoped(request => library.With(request.GetRequiredService<IForecastStore>().Datasets));
        services.AddScoped(request =>
        {
            var own = request.GetRequiredService<IForecastStore>();
            return new TrainingJobs(own.Datasets, own.Jobs, platform.Catalogue, platform.Device);
        });
        services.AddScoped(request => new PullJobs(request.GetRequiredService<IForecastStore>().Jobs));
        services.AddScoped(request => new ScheduleBook(request.GetRequiredService<IForecastStore>().Schedules, request.GetRequiredService<BacktestJobs>()));
        services.AddScoped(request => new RetrainingJobs(request.GetRequiredService<IForecastStore>(), request.GetRequiredService<DatasetLibrary>(), platform.Catalogue, platform.Device));
        return services.AddScoped(request =>
        {
            var own = request.GetRequiredService<IForecastStore>();
            return new BacktestJobs(own.Datasets, own.Jobs, platform.Catalogue, platform.Device);
        });
    }

    /// <summary>
    /// On the loopback a page of another site, whose name was made to point at this machine, is turned away (DNS rebinding). Beyond it
    /// every request needs a key, which such a page does not have.
    /// </summary>
    public static IServiceCollection AddHosts(this IServiceCollection services, IPAddress address) =>
        services.AddHostFiltering(filter => filter.AllowedHosts = IPAddress.IsLoopback(address) ? ["localhost", "127.0.0.1", "[::1]"] : ["*"]);

    /// <summary>How JSON is written, and the OpenAPI document.</summary>
    public static IServiceCollection AddContract(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
            json.SerializerOptions.DictionaryKeyPolicy = null;
        });
        return services.AddOpenApi("v1", openApi =>
        {
            openApi.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            openApi.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo { Title = "Forecast", Version = "1", Description = "Time-series forecasts, walk-forward back-tests, and what they were made from." };
                document.Servers?.Clear();
                return Task.CompletedTask;
            });
        });
    }

    /// <summary>Standard output is for what the server says to its user; what it logs goes beside it.</summary>
    /// <param name="logging">The log.</param>
    /// <param name="structured">A JSON object a line, requests included; else text, and warnings only.</param>
    public static void ToStandardError(this ILoggingBuilder logging, bool structured)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Warning);
        if (structured)
        {
            logging.AddFilter(typeof(RequestLog).FullName, LogLevel.Information);
            logging.AddJsonConsole(console => console.UseUtcTimestamp = true);
        }
        else
        {
            logging.AddSimpleConsole(console => console.ColorBehavior = LoggerColorBehavior.Disabled);
        }

        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
