using Forecast.Api.Contracts;
using Forecast.Core;
using Forecast.Models.Catalogue;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Forecast.Api.Routes;

/// <summary><c>/v1/models</c>: the catalogue with JSON Schemas of the options.</summary>
internal static class ModelRoutes
{
    public static void MapModels(this RouteGroupBuilder v1)
    {
        var models = v1.MapGroup("/models").WithTags("models");
        models.MapGet("/", List).WithName("models").WithSummary("Every model, with a JSON Schema of its options");
        models.MapGet("/{name}", Find).Refuses(404).WithName("model").WithSummary("A model");
    }

    private static Ok<ModelList> List(ModelCatalogue catalogue) => TypedResults.Ok(new ModelList([.. catalogue.Models.Select(Of)]));

    private static Ok<ModelBody> Find(ModelCatalogue catalogue, string name) =>
        catalogue.Models.FirstOrDefault(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } model
            ? TypedResults.Ok(Of(model))
            : throw new ForecastException("not-found", $"there is no model '{name}'; GET /v1/models lists them", "name");

    private static ModelBody Of(ModelDescriptor model) => new(model.Name, model.Summary, model.Usage, model.Example, model.OptionsJsonSchema());
}
