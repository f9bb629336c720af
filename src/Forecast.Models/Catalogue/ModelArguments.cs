using System.Globalization;
using Forecast.Core;
using Forecast.Core.Forecasting;

namespace Forecast.Models.Catalogue;

/// <summary>Typed access to the parts of a model string, with errors that say what was expected.</summary>
public sealed class ModelArguments(ModelSpec spec, IReadOnlyList<OptionSchema> options, string usage, ModelCatalogue catalogue)
{
    public ModelSpec Spec { get; } = spec;

    /// <summary>A model that is named inside this one, made by the same catalogue.</summary>
    /// <exception cref="ForecastException">The string is malformed, or names no model.</exception>
    public IForecaster Inner(string model) => catalogue.Create(model);

    /// <summary>Integers of the <paramref name="bracket"/>-th pair of round brackets, or null if there is none.</summary>
    /// <exception cref="ForecastException">Not exactly <paramref name="count"/> integers of at least 0.</exception>
    public IReadOnlyList<int>? Integers(int bracket, int count, string names)
    {
        if (bracket >= Spec.Arguments.Count) return null;
        var list = Spec.Arguments[bracket];
        var values = new int[list.Count];
        for (var i = 0; i < list.Count; i++)
        {
            if (!int.TryParse(list[i], NumberStyles.None, CultureInfo.InvariantCulture, out values[i]))
                throw Invalid($"'{list[i]}' is no whole number of at least 0");
        }

        return values.Length == count ? values : throw Invalid($"({string.Join(",", list)}) should be ({names})");
    }

    /// <summary>The number in square brackets, or null.</summary>
    public int? Period() => Spec.Period is null ? null : WholeNumber(Spec.Period, "[m]", 1);

    /// <exception cref="ForecastException">The value is none of the option's choices.</exception>
    public string? Choice(string option)
    {
        if (!Spec.Options.TryGetValue(option, out var text)) return null;
        var schema = options.First(o => string.Equals(o.Name, option, StringComparison.Ordinal));
        return schema.Choices.FirstOrDefault(c => c.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? throw Invalid($"{option}: '{text}' is none of {string.Join(", ", schema.Choices)}", option);
    }

    /// <exception cref="ForecastException">Neither true nor false.</exception>
    public bool? Boolean(string option) => Spec.Options.TryGetValue(option, out var text)
        ? bool.TryParse(text, out var value) ? value : throw Invalid($"{option}: '{text}' is neither true nor false", option)
        : null;

    /// <exception cref="ForecastException">No whole number, or below the minimum.</exception>
    public int? Integer(string option, int minimum = int.MinValue) =>
        Spec.Options.TryGetValue(option, out var text) ? WholeNumber(text, option, minimum) : null;

    /// <exception cref="ForecastException">No finite number.</exception>
    public double? Number(string option) => Spec.Options.TryGetValue(option, out var text)
        ? double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw Invalid($"{option}: '{text}' is no number", option)
        : null;

    /// <exception cref="ForecastException">More round brackets, a period or a suffix than the model takes.</exception>
    public void Allow(int brackets, bool period = false, bool suffix = false)
    {
        if (Spec.Arguments.Count > brackets) throw Invalid($"takes at most {brackets} pairs of round brackets");
        if (!period && Spec.Period is not null) throw Invalid("takes no [period]");
        if (!suffix && Spec.Suffix is not null) throw Invalid($"takes no suffix '-{Spec.Suffix}'");
    }

    public ForecastException Invalid(string what, string field = "model") =>
        new("model-argument", $"model '{Spec.Text}': {what}; usage: {usage}", field);

    private int WholeNumber(string text, string name, int minimum) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= minimum
            ? value
            : throw Invalid($"{name}: '{text}' is no whole number" + (minimum > int.MinValue ? $" of at least {minimum}" : ""), name);
}
