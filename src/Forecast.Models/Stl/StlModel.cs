using System.Globalization;
using Forecast.Models.Catalogue;

namespace Forecast.Models.Stl;

/// <summary>How the catalogue writes and makes <see cref="DecomposedForecaster"/>.</summary>
public static class StlModel
{
    private static readonly OptionSchema[] Options =
    [
        new("s_window", OptionKind.Text, "Window of the smoothing across seasons, odd, or periodic for one fixed figure; 11, and 4 more for each longer season, if left out."),
        new("robust", OptionKind.Boolean, "Whether outliers are weighted down.", "false"),
    ];

    public static IReadOnlyList<ModelDescriptor> Descriptors { get; } =
    [
        new("stl", "Any model on the seasonally adjusted series (STL); the last seasonal figure goes on.", "stl(model)[m]{s_window: n|periodic, robust: true|false}", "stl(drift)[7]", Options, arguments => Create(arguments, several: false)),
        new("mstl", "Any model on the series less several seasons (MSTL); each last seasonal figure goes on.", "mstl(model)[m1, m2, ..]{s_window: n|periodic, robust: true|false}", "mstl(drift)[7, 30]", Options, arguments => Create(arguments, several: true)),
    ];

    private static DecomposedForecaster Create(ModelArguments arguments, bool several)
    {
        arguments.Allow(1, period: true);
        var spec = arguments.Spec;
        if (spec.Arguments.Count != 1 || spec.Arguments[0].Count != 1)
            throw arguments.Invalid("the model of the adjusted series is missing");
        int[] periods = [.. (spec.Period ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var m) && m >= 2 ? m : throw arguments.Invalid($"[m]: '{text}' is no whole number of at least 2", "period"))
            .Distinct().Order()];
        if (!several && periods.Length > 1)
            throw arguments.Invalid("takes one period; mstl takes several", "period");
        var window = Window(arguments, out var isPeriodic);
        var inner = arguments.Inner(spec.Arguments[0][0]);
        return new DecomposedForecaster(inner, new Decomposer(periods, window, isPeriodic, arguments.Boolean("robust") ?? false), spec.Text);
    }

    private static int? Window(ModelArguments arguments, out bool isPeriodic)
    {
        isPeriodic = arguments.Spec.Options.TryGetValue("s_window", out var text) && text.Equals("periodic", StringComparison.OrdinalIgnoreCase);
        return isPeriodic ? null : arguments.Integer("s_window", 3);
    }
}
