using System.Text.Json.Serialization;

namespace Forecast.Backtest.Report.Charts;

/// <summary>
/// What a chart shows, as the chart bundle reads it (its TypeScript twin is <c>web/src/charts/spec.ts</c>). Times are milliseconds of
/// the Unix epoch; NaN is a missing value, at which marks break.
/// </summary>
public sealed record ChartSpec
{
    /// <summary>What, over which range, with which finding: read out in place of the picture.</summary>
    public required string Description { get; init; }

    public required ChartAxis X { get; init; }

    public required ChartAxis Y { get; init; }

    /// <summary>Lists of x values; a layer names the one it uses by index.</summary>
    public IReadOnlyList<double[]> Xs { get; init; } = [];

    public required IReadOnlyList<ChartLayer> Layers { get; init; }

    /// <summary>True where zooming along x is worth it.</summary>
    public bool? Zoom { get; init; }
}

/// <summary>One axis.</summary>
public sealed record ChartAxis
{
    /// <summary><c>time</c>, <c>number</c> or <c>category</c>.</summary>
    public required string Kind { get; init; }

    public string? Name { get; init; }

    /// <summary><c>number</c>, <c>percent</c> or <c>integer</c>.</summary>
    public string? Format { get; init; }

    public double? Min { get; init; }

    public double? Max { get; init; }

    public double? Interval { get; init; }

    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>True where the time of day matters.</summary>
    public bool? Clock { get; init; }
}

/// <summary>Something drawn in a chart.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(FanLayer), "fan")]
[JsonDerivedType(typeof(LineLayer), "line")]
[JsonDerivedType(typeof(PointsLayer), "points")]
[JsonDerivedType(typeof(NeedlesLayer), "needles")]
[JsonDerivedType(typeof(BarsLayer), "bars")]
[JsonDerivedType(typeof(BandLayer), "band")]
[JsonDerivedType(typeof(WhiskersLayer), "whiskers")]
[JsonDerivedType(typeof(RuleLayer), "rule")]
[JsonDerivedType(typeof(DiagonalLayer), "diagonal")]
[JsonDerivedType(typeof(SpanLayer), "span")]
[JsonDerivedType(typeof(LaneLayer), "lane")]
public abstract record ChartLayer
{
    /// <summary>Name in the tooltip; without one the layer is not listed there.</summary>
    public string? Label { get; init; }

    /// <summary>Layers with the same key are shown and hidden together.</summary>
    public string? Key { get; init; }

    /// <summary>Token of the palette: <c>ink</c>, <c>muted</c>, <c>bad</c>, <c>model-1</c> ...</summary>
    public required string Color { get; init; }
}

/// <summary>Central intervals as rings around a median, from the widest to the narrowest.</summary>
public sealed record FanLayer(int X, double[] Levels, double[][] Low, double[][] High, double[]? Median) : ChartLayer;

/// <summary>A line that breaks at missing values.</summary>
public sealed record LineLayer(int X, double[] Y) : ChartLayer
{
    public double? Width { get; init; }

    /// <summary><c>dashed</c> or <c>dotted</c>.</summary>
    public string? Dash { get; init; }

    /// <summary><c>circle ring diamond square triangle</c>: marks each point.</summary>
    public string? Symbol { get; init; }

    public bool? Step { get; init; }
}

/// <summary>Single points.</summary>
public sealed record PointsLayer(int X, double[] Y, string Symbol, double Size) : ChartLayer;

/// <summary>Vertical strokes from zero.</summary>
public sealed record NeedlesLayer(int X, double[] Y) : ChartLayer
{
    public double? Width { get; init; }
}

/// <summary>Bars from zero over [From, To) of a numeric x axis.</summary>
public sealed record BarsLayer(double[] From, double[] To, double[] Y) : ChartLayer;

/// <summary>The region between two curves.</summary>
public sealed record BandLayer(int X, double[] Low, double[] High, double Opacity) : ChartLayer;

/// <summary>A dot with an interval along x, in one row of a category axis.</summary>
public sealed record WhiskersLayer(int Row, double Value, double Low, double High) : ChartLayer;

/// <summary>A straight line across the plot.</summary>
public sealed record RuleLayer(string Axis, double At) : ChartLayer
{
    public string? Text { get; init; }

    public string? Dash { get; init; }

    public double? Width { get; init; }
}

/// <summary>The diagonal y = x.</summary>
public sealed record DiagonalLayer : ChartLayer;

/// <summary>A bar along the foot of the plot.</summary>
public sealed record SpanLayer(double From, double To) : ChartLayer
{
    public string? Text { get; init; }

    public bool? Hatched { get; init; }
}

/// <summary>Ticks at the foot of the plot.</summary>
public sealed record LaneLayer(int X) : ChartLayer;
