using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.RateLimiting;
using Forecast.Api.Problems;
using Forecast.Hosting;
using Forecast.Hosting.Datasets;
using Forecast.Hosting.Forecasts;
using Forecast.Hosting.Jobs;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Logging.Console;
using Microsoft.OpenApi;

namespace Forecast.Api.Hosting;

/// <summary>What the routes are given.</summary>
internal static class Services
{
    /// <summary>Name of the policy that bounds how many forecasts are worked on at once.</summary>
    public const string ForecastGate = "forecasts";

    public static IServiceCollection AddPlatform(this IServiceCollection services, EmbeddedPlatform platform, ApiOptions options)
    {
        services.AddSingleton(platform);
        services.AddSingleton(platform.Store);
        services.AddSingleton(platform.Catalogue);
        services.AddSingleton(platform.Backtests);
        services.AddSingleton(options.Limits);
        services.AddSingleton(new DatasetLibrary(ForecastHome.Datasets, platform.Datasets));
        services.AddSingleton(platform.Ledger);
        services.AddSingleton(new ForecastService(platform.Catalogue, new FitCache(), platform.Ledger, platform.Device));
        services.AddSingleton(new BacktestJobs(platform.Datasets, platform.Store.Jobs, platform.Catalogue, platform.Device));
        services.AddSingleton(new JobRunner(platform.Store, platform.Backtests, platform.Complain));
        services.AddHostedService<JobHost>();
        services.AddHostedService<LedgerHost>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        return services;
    }

    public static IServiceCollection AddForecastGate(this IServiceCollection services, ApiLimits limits) => services.AddRateLimiter(limiter =>
    {
        limiter.AddConcurrencyLimiter(ForecastGate, gate =>
        {
            gate.PermitLimit = limits.ConcurrentForecasts;
            gate.QueueLimit = limits.WaitingForecasts;
            gate.QueueProcessingOrder = QueueProcessingOrder.OldestFirst;
        });
        limiter.OnRejected = async (context, _) =>
            await ProblemAnswers.Of(StatusCodes.Status503ServiceUnavailable, "overloaded", "too many forecasts wait already; try again soon", retryAfterSeconds: 1).ExecuteAsync(context.HttpContext);
    });

    /// <summary>A page of another site, whose name was made to point at this machine, is turned away (DNS rebinding).</summary>
    public static IServiceCollection AddLocalHostsOnly(this IServiceCollection services) =>
        services.AddHostFiltering(filter => filter.AllowedHosts = ["localhost", "127.0.0.1"]);

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
    public static void ToStandardError(this ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddSimpleConsole(console => console.ColorBehavior = LoggerColorBehavior.Disabled);
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
