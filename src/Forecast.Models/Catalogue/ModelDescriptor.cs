using System.Text.Json.Nodes;
using Forecast.Core.Forecasting;

namespace Forecast.Models.Catalogue;

/// <summary>A model of the zoo: how it is written, what it can do, and how it is made.</summary>
/// <param name="Name">Name at the head of a model string.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Usage">The full form, as <c>arima(p,d,q)(P,D,Q)[m]{mean: auto|true|false, drift: true|false}</c>.</param>
/// <param name="Example">A model string that works.</param>
/// <param name="Options">Options in braces.</param>
/// <param name="Create">Makes the forecaster from a specification whose option names were checked.</param>
public sealed record ModelDescriptor(string Name, string Summary, string Usage, string Example, IReadOnlyList<OptionSchema> Options, Func<ModelArguments, IForecaster> Create)
{
    /// <summary>The options as one JSON Schema object (draft 2020-12).</summary>
    public JsonObject OptionsJsonSchema()
    {
        var properties = new JsonObject();
        foreach (var option in Options.Concat(CommonOptions.All)) properties[option.Name] = option.ToJsonSchema();
        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = Name,
            ["description"] = Summary,
            ["type"] = "object",
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
    }
}
