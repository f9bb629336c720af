namespace Forecast.Models.Arima;

/// <summary>What <see cref="FastInnovations"/> went through, step by step, for <see cref="InnovationsAdjoint"/>. Grows as needed and is used again.</summary>
internal sealed class InnovationsTape(int stride)
{
    private int _capacity;

    /// <summary>Doubles kept of each vector.</summary>
    public int Stride { get; } = stride;

    /// <summary>Steps after which gain and increment stood still; entries 0..Moves are filled.</summary>
    public int Moves { get; private set; }

    /// <summary>K_t, one stride a step.</summary>
    public double[] Gains { get; private set; } = [];

    /// <summary>L_t, one stride a step.</summary>
    public double[] Increments { get; private set; } = [];

    /// <summary>F_t.</summary>
    public double[] F { get; private set; } = [];

    /// <summary>M_t.</summary>
    public double[] M { get; private set; } = [];

    /// <summary>Makes room for n steps and the state after them.</summary>
    public void Start(int n)
    {
        Moves = -1;
        if (_capacity > n)
            return;
        _capacity = n + 1;
        Gains = new double[_capacity * Stride];
        Increments = new double[_capacity * Stride];
        F = new double[_capacity];
        M = new double[_capacity];
    }

    public void Record(double f, double m, ReadOnlySpan<double> gain, ReadOnlySpan<double> increment)
    {
        Moves++;
        F[Moves] = f;
        M[Moves] = m;
        gain.CopyTo(Gains.AsSpan(Moves * Stride, Stride));
        increment.CopyTo(Increments.AsSpan(Moves * Stride, Stride));
    }
}
