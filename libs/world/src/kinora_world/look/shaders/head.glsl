// Where a face's features rest. Drawings on it are made in rest-pose coordinates, so that they stay on the head.
uniform vec3 face_eye_left;
uniform vec3 face_eye_right;
uniform vec3 face_mouth;
uniform vec3 face_nose;
uniform vec3 face_chin;
uniform vec3 face_crown;
uniform float face_unit;      // 1 for an adult's face; features are measured in metres of an adult's
uniform float eye_ball;       // metres, an eyeball's radius
uniform vec2 eye_open;        // left, right: 1 open, 0 shut
uniform vec2 lid_rest;        // heights of the lids' rims above the eye's centre at rest, upper and lower, in an adult's metres
uniform vec3 skin_colour;
uniform vec3 brow_colour;     // red below 0 where the body has brows of its own
uniform vec3 iris_colour;
uniform mat3 head_turn;       // rest to stage
