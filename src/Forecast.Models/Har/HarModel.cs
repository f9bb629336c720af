using Forecast.Models.Catalogue;

namespace Forecast.Models.Har;

/// <summary>How <c>har</c> is written in a model string.</summary>
internal static class HarModel
{
    public static ModelDescriptor Descriptor { get; } = new(
        "har",
        "HAR: a realised measure from its own means over a day, a week and a month, by least squares.",
        "har(w1,w2,...) with windows that rise; without brackets (1,5,22)",
        "har(1,5,22)",
        [],
        Create);

    private static HarForecaster Create(ModelArguments arguments)
    {
        arguments.Allow(brackets: 1);
        var windows = arguments.Spec.Arguments is [var list] ? arguments.Integers(0, list.Count, "w1,w2,...") : null;
        return new HarForecaster(windows is null ? new HarOptions() : new HarOptions { Windows = windows });
    }
}
