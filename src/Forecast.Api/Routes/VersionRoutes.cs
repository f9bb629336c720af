using System.Globalization;
using Forecast.Api.Access;
using Forecast.Api.Answers;
using Forecast.Api.Contracts;
using Forecast.Api.Reading;
using Forecast.Core;
using Forecast.Hosting.Forecasts;
using Forecast.Hosting.Keys;
using Forecast.Hosting.Registry;
using Forecast.Store;
using Forecast.Store.Registry;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forecast.Api.Routes;

/// <summary><c>/v1/models/{name}/versions</c>: fitted models under names, and what they are used for.</summary>
internal static class VersionRoutes
{
    public static void MapVersions(this RouteGroupBuilder v1)
    {
        v1.MapGet("/registry", NamesAsync).Refuses(400).WithName("registeredModels").WithTags("registry").WithSummary("Names of registered models, each with its newest version and its champion");
        var versions = v1.MapGroup("/models/{name}/versions").WithTags("registry");
        versions.MapGet("", ListAsync).Refuses(400).WithName("modelVersions").WithSummary("Versions of a registered model, newest first");
        versions.MapPost("", RegisterAsync).Accepts<RegisterBody>("application/json").Refuses(400, 404, 413, 415, 422).Needs(ApiKey.RegistryScope)
            .WithName("registerModel").WithSummary("Registers the fit behind a forecast as the next version of a name")
            .WithDescription("It begins as a candidate. A forecast with 'model' set to 'name@3' uses its parameters as they are, 'name@champion' those of the champion.");
        versions.MapGet("/{version}", FindAsync).Refuses(400, 404).WithName("modelVersion").WithSummary("A version with every stage that it had");
        versions.MapPost("/{version}/promote", (HttpContext context, IForecastStore store, CallerOfRequest current, ApiLimits limits, string name, string version) => MoveAsync(context, store, current, limits, name, version, ModelStage.Champion))
            .Accepts<StageBody>("application/json").Refuses(400, 404, 413, 415, 422).Needs(ApiKey.RegistryScope)
            .WithName("promoteModel").WithSummary("Makes a version the champion of its name; the former one retires")
            .WithDescription("To ask again changes nothing.");
        versions.MapPost("/{version}/retire", (HttpContext context, IForecastStore store, CallerOfRequest current, ApiLimits limits, string name, string version) => MoveAsync(context, store, current, limits, name, version, ModelStage.Retired))
            .Accepts<StageBody>("application/json").Refuses(400, 404, 413, 415, 422).Needs(ApiKey.RegistryScope)
            .WithName("retireModel").WithSummary("Retires a version; it can still be asked for by its number")
            .WithDescription("To ask again changes nothing.");
    }

    private static async Task<Ok<Page<RegisteredNameBody>>> NamesAsync(IForecastStore store, ApiLimits limits, string? limit, string? after, CancellationToken cancellation)
    {
        var most = (int)Query.Number("limit", limit, 1, limits.PageSize, 100);
        var names = await store.Registry.NamesAsync(most + 1, after, cancellation);
        var page = new List<RegisteredNameBody>();
        foreach (var name in names.Take(most))
        {
            var newest = (await store.Registry.VersionsAsync(name, 1, null, cancellation))[0];
            var champion = await store.Registry.FindChampionAsync(name, cancellation);
            page.Add(new RegisteredNameBody(name, RegistryAnswers.Of(newest), champion is null ? null : RegistryAnswers.Of(champion)));
        }

        return TypedResults.Ok(new Page<RegisteredNameBody>(page, names.Count > most ? page[^1].Name : null));
    }

    private static async Task<Ok<Page<RegisteredVersionBody>>> ListAsync(IForecastStore store, ApiLimits limits, string name, string? limit, string? after, CancellationToken cancellation)
    {
        var most = (int)Query.Number("limit", limit, 1, limits.PageSize, 100);
        var before = string.IsNullOrEmpty(after) ? (int?)null : (int)Query.Number("after", after, 1, int.MaxValue, int.MaxValue);
        var found = await store.Registry.VersionsAsync(name, most + 1, before, cancellation);
        var page = found.Take(most).Select(v => RegistryAnswers.Of(v)).ToArray();
        return TypedResults.Ok(new Page<RegisteredVersionBody>(page, found.Count > most ? page[^1].Version.ToString(CultureInfo.InvariantCulture) : null));
    }

    private static async Task<Created<RegisteredVersionBody>> RegisterAsync(
        HttpContext context, IForecastStore store, ModelRegistry registry, ForecastLedger ledger, CallerOfRequest current, ApiLimits limits, string name)
    {
        var (forecastId, reason) = await JsonBody.ReadAsync(context.Request, body =>
        {
            var read = (body.Text("forecastId", limits.TextLength, required: true), body.Text("reason", limits.TextLength));
            body.Close();
            return read;
        });
        var made = await registry.RegisterAsync(store, ledger, name, forecastId!, reason, current.Caller.KeyId, context.RequestAborted);
        return TypedResults.Created($"/v1/models/{made.Version.Name}/versions/{made.Version.Version}", RegistryAnswers.Of(made));
    }

    private static async Task<Ok<RegisteredVersionBody>> FindAsync(IForecastStore store, string name, string version, CancellationToken cancellation)
    {
        var number = Number(version);
        var found = await store.Registry.FindAsync(name, number, cancellation)
            ?? throw new ForecastException("model-version-unknown", $"there is no version {number} of a registered model '{name}'", "version");
        return TypedResults.Ok(RegistryAnswers.Of(found, await store.Registry.StagesAsync(name, number, cancellation)));
    }

    private static async Task<Ok<RegisteredVersionBody>> MoveAsync(HttpContext context, IForecastStore store, CallerOfRequest current, ApiLimits limits, string name, string version, ModelStage stage)
    {
        var number = Number(version);
        var reason = await JsonBody.ReadAsync(context.Request, body =>
        {
            var read = body.Text("reason", limits.TextLength);
            body.Close();
            return read;
        });
        await store.Registry.SetStageAsync(name, number, stage, reason, current.Caller.KeyId, context.RequestAborted);
        return await FindAsync(store, name, version, context.RequestAborted);
    }

    private static int Number(string version) => (int)Query.Number("version", version, 1, int.MaxValue, 0);
}
