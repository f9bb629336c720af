using System.Numerics;
using Forecast.Torch;

namespace TorchSharp;

/// <summary>A number with its element type, as operators take it: it does not make a float tensor double.</summary>
public sealed class Scalar : IDisposable
{
    private readonly double real;
    private readonly double[]? complex;
    private readonly long integer;

    private Scalar(torch.ScalarType type, double real)
    {
        Type = type;
        this.real = real;
    }

    private Scalar(torch.ScalarType type, long integer)
    {
        Type = type;
        this.integer = integer;
    }

    private Scalar(torch.ScalarType type, Complex value)
    {
        Type = type;
        complex = [value.Real, value.Imaginary];
    }

    public torch.ScalarType Type { get; }

    internal bool IsIntegral => torch.is_integral(Type);

    internal double Real => complex is not null ? complex[0] : IsIntegral ? integer : real;

    internal long Integer => IsIntegral ? integer : checked((long)Real);

    internal Complex AsComplex => complex is null ? new(Real, 0) : new(complex[0], complex[1]);

    public static implicit operator Scalar(byte value) => new(torch.ScalarType.Byte, (long)value);

    public static implicit operator Scalar(sbyte value) => new(torch.ScalarType.Int8, (long)value);

    public static implicit operator Scalar(short value) => new(torch.ScalarType.Int16, (long)value);

    public static implicit operator Scalar(int value) => new(torch.ScalarType.Int32, (long)value);

    public static implicit operator Scalar(long value) => new(torch.ScalarType.Int64, value);

    public static implicit operator Scalar(Half value) => new(torch.ScalarType.Float16, (double)value);

    public static implicit operator Scalar(float value) => new(torch.ScalarType.Float32, (double)value);

    public static implicit operator Scalar(double value) => new(torch.ScalarType.Float64, value);

    public static implicit operator Scalar(bool value) => new(torch.ScalarType.Bool, value ? 1L : 0L);

    public static implicit operator Scalar(Complex value) => new(torch.ScalarType.ComplexFloat64, value);

    public static implicit operator Scalar((float, float) value) => new(torch.ScalarType.ComplexFloat32, new Complex(value.Item1, value.Item2));

    /// <summary>Nothing to release: kept because TorchSharp's scalars are disposable.</summary>
    public void Dispose()
    {
    }

    internal Arg ToArg()
    {
        if (complex is not null) return Arg.Complex(complex);
        if (Type == torch.ScalarType.Bool) return integer != 0;
        return IsIntegral ? (Arg)integer : real;
    }
}

/// <summary>Conversions between numbers and <see cref="Scalar"/>.</summary>
public static class ScalarExtensionMethods
{
    public static Scalar ToScalar(this byte value) => value;

    public static Scalar ToScalar(this sbyte value) => value;

    public static Scalar ToScalar(this short value) => value;

    public static Scalar ToScalar(this int value) => value;

    public static Scalar ToScalar(this long value) => value;

    public static Scalar ToScalar(this Half value) => value;

    public static Scalar ToScalar(this float value) => value;

    public static Scalar ToScalar(this double value) => value;

    public static Scalar ToScalar(this bool value) => value;

    public static Scalar ToScalar(this Complex value) => value;

    public static Scalar ToScalar(this (float, float) value) => value;

    public static float ToSingle(this Scalar value) => (float)Checked(value).Real;

    public static double ToDouble(this Scalar value) => Checked(value).Real;

    public static Half ToHalf(this Scalar value) => (Half)Checked(value).Real;

    public static byte ToByte(this Scalar value) => checked((byte)Checked(value).Integer);

    public static sbyte ToSByte(this Scalar value) => checked((sbyte)Checked(value).Integer);

    public static short ToInt16(this Scalar value) => checked((short)Checked(value).Integer);

    public static int ToInt32(this Scalar value) => checked((int)Checked(value).Integer);

    public static long ToInt64(this Scalar value) => Checked(value).Integer;

    public static bool ToBoolean(this Scalar value) => Checked(value).AsComplex != Complex.Zero;

    public static Complex ToComplexFloat64(this Scalar value) => Checked(value).AsComplex;

    private static Scalar Checked(Scalar value) => value ?? throw new ArgumentNullException(nameof(value));
}
