// Accounts of the demo commune, and where its checkpoints are.

const PASSWORD = "tiengkengbinhyen";

export const MEMBER = { username: "thanhvien", name: "Bùi Văn Thành", password: PASSWORD };
export const LEADER = { username: "totruong", name: "Phạm Thị Lan", password: PASSWORD };
export const OFFICER = { username: "canbo", name: "Lê Văn Hùng", password: PASSWORD };
export const VOLUNTEER = { username: "camera", name: "Nguyễn Thị Thu", password: PASSWORD };
export const PROVINCE = { username: "tinh", name: "Nguyễn Minh Tuấn", password: PASSWORD };
export const ADMINISTRATOR = { username: "quantri", name: "Đỗ Thị Hạnh", password: PASSWORD };

export const HALL = { name: "Nhà văn hóa thôn Thành Sơn", latitude: 19.962, longitude: 105.345 };
export const JUNCTION = { name: "Ngã ba đường Hồ Chí Minh", latitude: 19.9640, longitude: 105.3481 };
