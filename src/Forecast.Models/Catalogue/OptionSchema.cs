using System.Text.Json.Nodes;

namespace Forecast.Models.Catalogue;

/// <summary>The type of an option's value.</summary>
public enum OptionKind
{
    Integer,
    Number,
    Boolean,
    Choice,
    Text,

    /// <summary>Weights of a network: a folder, a published model as OWNER/NAME, or one of the words of <see cref="OptionSchema.Choices"/>.</summary>
    Weights,
}

/// <summary>One option of a model, for help, validation and web forms.</summary>
/// <param name="Name">Name in the braces of a model string.</param>
/// <param name="Kind">Type of the value.</param>
/// <param name="Description">One sentence: meaning, unit and, where it is not obvious, the source of the default.</param>
/// <param name="Default">Value when the option is left out, as text; null = chosen from the data.</param>
public sealed record OptionSchema(string Name, OptionKind Kind, string Description, string? Default = null)
{
    /// <summary>Allowed words of a <see cref="OptionKind.Choice"/>; words of an <see cref="OptionKind.Weights"/> that name no weights.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    /// <summary>The option as a property of a JSON Schema (draft 2020-12).</summary>
    public JsonObject ToJsonSchema()
    {
        var schema = new JsonObject { ["description"] = Description };
        switch (Kind)
        {
            case OptionKind.Integer: schema["type"] = "integer"; break;
            case OptionKind.Number: schema["type"] = "number"; break;
            case OptionKind.Boolean: schema["type"] = "boolean"; break;
            case OptionKind.Choice: schema["enum"] = new JsonArray([.. Choices.Select(c => JsonValue.Create(c))]); break;
            default: schema["type"] = "string"; break;
        }

        if (Minimum is { } min) schema["minimum"] = min;
        if (Maximum is { } max) schema["maximum"] = max;
        if (Default is not null)
        {
            schema["default"] = Kind switch
            {
                OptionKind.Integer => JsonValue.Create(int.Parse(Default)),
                OptionKind.Number => JsonValue.Create(double.Parse(Default)),
                OptionKind.Boolean => JsonValue.Create(bool.Parse(Default)),
                _ => JsonValue.Create(Default),
            };
        }

        return schema;
    }
}
