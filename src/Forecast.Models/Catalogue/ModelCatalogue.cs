using System.Collections.Frozen;
using System.Globalization;
using Forecast.Core;
using Forecast.Core.Forecasting;
using Forecast.Models.Transforms;
using Forecast.Models.Weights;

namespace Forecast.Models.Catalogue;

/// <summary>Turns model strings into forecasters.</summary>
public sealed class ModelCatalogue
{
    private readonly FrozenDictionary<string, ModelDescriptor> _byName;
    private readonly bool _publishedOnly;

    public ModelCatalogue(IReadOnlyList<ModelDescriptor> models)
        : this(models, publishedOnly: false)
    {
    }

    private ModelCatalogue(IReadOnlyList<ModelDescriptor> models, bool publishedOnly)
    {
        ArgumentNullException.ThrowIfNull(models);
        (Models, _publishedOnly) = (models, publishedOnly);
        _byName = models.ToFrozenDictionary(m => m.Name, StringComparer.Ordinal);
    }

    /// <summary>Every model that needs no walk-forward predictions to exist; the room Backtest adds the wrappers.</summary>
    public static ModelCatalogue Default { get; } = new(Zoo.Models);

    public IReadOnlyList<ModelDescriptor> Models { get; }

    /// <summary>This catalogue with further models, which may name the others inside their brackets and be named by them.</summary>
    public ModelCatalogue With(IEnumerable<ModelDescriptor> further) => new([.. Models, .. further], _publishedOnly);

    /// <summary>This catalogue for requests of others: weights come from the cache of published models, and never from a folder that is named.</summary>
    public ModelCatalogue PublishedWeightsOnly() => new(Models, publishedOnly: true);

    /// <exception cref="ForecastException">The string is malformed, or names no model, or an option that the model does not have.</exception>
    public IForecaster Create(string model)
    {
        var spec = WithSuffix(ModelSpec.Parse(model));
        var descriptor = Find(spec);
        var known = descriptor.Options.Concat(CommonOptions.All).ToArray();
        foreach (var option in spec.Options.Keys)
        {
            if (Array.Exists(known, k => string.Equals(k.Name, option, StringComparison.Ordinal))) continue;
            throw new ForecastException("model-option-unknown", $"model '{model}': there is no option '{option}'; known are {string.Join(", ", known.Select(k => k.Name))}", option);
        }

        if (_publishedOnly) spec = Published(spec, known);
        var arguments = new ModelArguments(spec, known, descriptor.Usage, this);
        var forecaster = descriptor.Create(arguments);
        if (Lambda(arguments, out var lambda)) forecaster = new TransformedForecaster(forecaster, lambda, spec.Text);
        return Constraint(arguments) is { } constraint ? new ConstrainedForecaster(forecaster, constraint, spec.Text) : forecaster;
    }

    /// <summary>The same model with its weights, given or default, pinned to the cache.</summary>
    private static ModelSpec Published(ModelSpec spec, OptionSchema[] known)
    {
        var options = new Dictionary<string, string>(spec.Options, StringComparer.Ordinal);
        foreach (var option in known.Where(o => o.Kind == OptionKind.Weights))
        {
            if ((spec.Options.GetValueOrDefault(option.Name) ?? option.Default) is not { } text || option.Choices.Contains(text, StringComparer.OrdinalIgnoreCase)) continue;
            options[option.Name] = ModelFolder.IsName(text)
                ? ModelFolder.CachePrefix + text
                : throw new ForecastException(
                    "weights-not-published",
                    $"model '{spec.Text}': {option.Name}: '{text}' is no published model; name one that was fetched before as OWNER/NAME{(option.Choices.Count > 0 ? $", or write {string.Join(" or ", option.Choices)}" : "")}",
                    option.Name);
        }

        return spec with { Options = options };
    }

    /// <summary>Null when nothing is constrained.</summary>
    private static Constraint? Constraint(ModelArguments arguments)
    {
        var (min, max) = (arguments.Number(CommonOptions.Min), arguments.Number(CommonOptions.Max));
        var integer = arguments.Boolean(CommonOptions.Integer) ?? false;
        if (min is null && max is null && !integer) return null;
        var constraint = new Constraint(min ?? double.NegativeInfinity, max ?? double.PositiveInfinity, integer);
        return constraint.IsEmpty
            ? throw arguments.Invalid($"there is no {(integer ? "whole number" : "value")} from min {min} to max {max}", CommonOptions.Max)
            : constraint;
    }

    private static bool Lambda(ModelArguments arguments, out double? lambda)
    {
        lambda = null;
        var log = arguments.Boolean(CommonOptions.Log) ?? false;
        if (!arguments.Spec.Options.TryGetValue(CommonOptions.BoxCox, out var text))
        {
            if (log) lambda = 0;
            return log;
        }

        if (log) throw arguments.Invalid("log and box_cox exclude each other", CommonOptions.BoxCox);
        if (text.Equals("auto", StringComparison.OrdinalIgnoreCase)) return true;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !(value >= -2 && value <= 2))
            throw arguments.Invalid($"box_cox: '{text}' is neither auto nor a number between -2 and 2", CommonOptions.BoxCox);
        lambda = value;
        return true;
    }

    /// <summary>Reads <c>garch-t</c>, where no bracket ends the name, as name and suffix.</summary>
    private ModelSpec WithSuffix(ModelSpec spec)
    {
        var hyphen = spec.Name.LastIndexOf('-');
        return hyphen <= 0 || _byName.ContainsKey(spec.Name) || !_byName.ContainsKey(spec.Name[..hyphen])
            ? spec
            : spec with { Name = spec.Name[..hyphen], Suffix = spec.Name[(hyphen + 1)..] };
    }

    private ModelDescriptor Find(ModelSpec spec)
    {
        if (_byName.TryGetValue(spec.Name, out var descriptor)) return descriptor;
        var near = Models.Select(m => m.Name).Where(n => Distance(n, spec.Name) <= 2).Order(StringComparer.Ordinal).ToArray();
        var hint = near.Length > 0 ? $"did you mean {string.Join(" or ", near)}?" : $"known are {string.Join(", ", Models.Select(m => m.Name))}";
        throw new ForecastException("model-unknown", $"there is no model '{spec.Name}'; {hint}", "model");
    }

    /// <summary>Edits that lead from one word to the other (Levenshtein).</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
